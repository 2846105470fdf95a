import { SERVICES, type ServiceName } from '@backstep/contracts';
import { type Page, pageOf, SagaAction, SagaOperationViews } from '@backstep/contracts/http';
import type { RequestContext } from '@backstep/service';
import { mapPage } from '../api/page.js';
import {
  operationOfParked,
  operationOfSaga,
  type OperatorAction,
  type OperatorOperation,
  PARKED_ACTIONS,
  ParkedOperationView,
} from '../representations/operation.js';
import type { Services } from '../services/services.js';

const ParkedOperationViews = pageOf(ParkedOperationView);

/** What is asked of each source: `cursor` is `operations.<ms since 1970>.<id>`, and older ones follow, newest first. */
export interface OperationQuery {
  readonly by: string | undefined;
  readonly action: OperatorAction | undefined;
  /** What the target is about: an order. */
  readonly subject: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** A service that keeps what operators did there, by their time. */
export interface OperationSource {
  readonly service: ServiceName;
  /** The actions that it knows: for another one it is not asked. */
  readonly actions: readonly OperatorAction[];
  read(services: Services, context: RequestContext, query: OperationQuery): Promise<Page<OperatorOperation>>;
}

/** The list of all is merged from these. One more kind of target is one more source. */
export const OPERATION_SOURCES: readonly OperationSource[] = [
  {
    service: 'orchestrator',
    actions: SagaAction.options,
    read: async (services, context, query) => {
      const page = await services.orchestrator.get(context, '/sagas/operations', SagaOperationViews, { ...query });
      return mapPage(page, (operation) => operationOfSaga('orchestrator', operation));
    },
  },
  ...SERVICES.map((service): OperationSource => ({
    service,
    actions: PARKED_ACTIONS,
    read: async (services, context, { subject: key, ...query }) => {
      const page = await services
        .named(service)
        .get(context, '/parked/operations', ParkedOperationViews, { ...query, key });
      return mapPage(page, (operation) => operationOfParked(service, operation));
    },
  })),
];
