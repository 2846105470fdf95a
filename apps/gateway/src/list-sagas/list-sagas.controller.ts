import { Controller, Inject } from '@nestjs/common';
import { type Page, SagaState, SagaSummaryViews, SagaType } from '@backstep/contracts/http';
import { PROBLEMS, UUID_KEY } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { orderIds } from '../api/order-ids.js';
import { cursorOf, mapPage, namedPageOf, pageQuery } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { checkTimes, timeQuery } from '../api/times.js';
import { PATHS } from '../paths.js';
import { SagaSummary, toSagaSummary } from '../representations/saga.js';
import { Services } from '../services/services.js';

/** Orders whose sagas are listed together: as many as a page of a client shows. */
const ORDERS_MAX = 50;
const OrderIds = orderIds(ORDERS_MAX, `must be the id of an order, or ids with commas between, ${ORDERS_MAX} at most`);

export const listSagas = operation({
  id: 'listSagas',
  operator: true,
  method: 'GET',
  path: PATHS.sagas,
  tag: 'Sagas',
  summary: 'List sagas, newest first',
  query: {
    state: SagaState.optional(),
    type: SagaType.optional(),
    orderId: OrderIds.optional().meta({
      description: `Only those of this order, or of these, with commas between; ${ORDERS_MAX} at most`,
    }),
    waitsFor: z.enum(['operator']).optional().meta({
      description:
        'Only those that nothing but an operator moves: STUCK ones, and those whose definition is not deployed (`blockedBecause`)',
    }),
    ...timeQuery('begun'),
    ...pageQuery(cursorOf('sagas', `(?:0|[1-9][0-9]{0,14})[.]${UUID_KEY}`)),
  },
  answers: {
    200: {
      description: 'A page of sagas',
      content: { 'application/json': namedPageOf('SagaPage', SagaSummary) },
      links: {
        first: { operationId: 'readSaga', parameters: { sagaId: '$response.body#/items/0/id' } },
      },
    },
  },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListSagasController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listSagas)
  async list(@Input(listSagas) { query, context }: InputOf<typeof listSagas>): Promise<Page<SagaSummary>> {
    checkTimes(query);
    const { orderId: subject, ...rest } = query;
    const asked = { ...rest, ...(subject !== undefined && { subject }) };
    return mapPage(await this.services.orchestrator.get(context, '/sagas', SagaSummaryViews, asked), toSagaSummary);
  }
}
