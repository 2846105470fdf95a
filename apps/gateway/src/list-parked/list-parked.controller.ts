import { Controller, Inject } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { type Page, pageOf } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { namedPageOf, pageQuery } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import {
  ParkedState,
  ParkedSummary,
  ParkedSummaryView,
  Service,
  toParkedSummary,
} from '../representations/parked-message.js';
import { Services } from '../services/services.js';
import { formatPlace, ParkedCursor, type ParkedPlace } from './parked-cursor.js';

const ParkedPage = namedPageOf('ParkedItems', ParkedSummary)
  .extend({
    unreachable: z
      .array(Service)
      .meta({ description: 'Services that did not answer: what is parked there is missing from this page' }),
  })
  .meta({ id: 'ParkedPage' });
type ParkedPage = z.infer<typeof ParkedPage>;

const ParkedSummaryViews = pageOf(ParkedSummaryView);

/** A longer key is parked as its beginning and a hash. */
const KEY_MAX_CHARACTERS = 1_024;

export const listParked = operation({
  id: 'listParked',
  operator: true,
  method: 'GET',
  path: PATHS.parked,
  tag: 'Parked messages',
  summary: 'List the messages that could not be handled, of all services',
  description:
    'Service by service, in the order they were parked. What is held behind a poisoned message has its key: it is handled in this order when ' +
    'the poisoned one is settled. What a message says is told when it is read alone.',
  query: {
    service: Service.optional(),
    state: ParkedState.optional(),
    key: z
      .string()
      .max(KEY_MAX_CHARACTERS)
      .optional()
      .meta({ description: 'Only those with this key, as the list has it' }),
    ...pageQuery(ParkedCursor),
  },
  answers: {
    200: {
      description: 'A page of parked messages',
      content: { 'application/json': ParkedPage },
      links: {
        message: { operationId: 'readParked', parameters: { messageId: '$response.body#/items/0/id' } },
        replay: { operationId: 'replayParked', parameters: { messageId: '$response.body#/items/0/id' } },
        discard: { operationId: 'discardParked', parameters: { messageId: '$response.body#/items/0/id' } },
      },
    },
  },
  problems: [PROBLEMS.handlerTimeout],
});

@Controller()
export class ListParkedController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listParked)
  async list(@Input(listParked) { query, context }: InputOf<typeof listParked>): Promise<ParkedPage> {
    const asked = SERVICES.filter((name) => query.service === undefined || query.service === name);
    const place: ParkedPlace = query.cursor ?? { service: asked[0] ?? SERVICES[0] };
    if (!asked.includes(place.service)) throw ofAnotherList();
    const items: ParkedSummary[] = [];
    const unreachable: ServiceName[] = [];
    for (const service of asked.slice(asked.indexOf(place.service))) {
      if (items.length === query.limit) return { items, nextCursor: formatPlace({ service }), unreachable };
      const cursor = place.service === service ? place.cursor : undefined;
      const page = await this.pageOf(context, service, {
        state: query.state,
        key: query.key,
        cursor,
        limit: query.limit - items.length,
      });
      if (page === undefined) unreachable.push(service);
      else items.push(...page.items.map((message) => toParkedSummary(service, message)));
      if (page?.nextCursor)
        return { items, nextCursor: formatPlace({ service, cursor: page.nextCursor }), unreachable };
    }
    return { items, nextCursor: null, unreachable };
  }

  /** Lists what the reachable services have, and names the others: an operator looks here when something is wrong. */
  private async pageOf(
    context: RequestContext,
    service: ServiceName,
    query: Readonly<Record<string, string | number | undefined>>,
  ): Promise<Page<ParkedSummaryView> | undefined> {
    try {
      return await this.services.named(service).get(context, '/parked', ParkedSummaryViews, query);
    } catch (error) {
      if (error instanceof ProblemError && error.problem === PROBLEMS.unavailable) return undefined;
      throw error;
    }
  }
}

/** The cursor names a service that the query leaves out. */
const ofAnotherList = (): ProblemError =>
  new ProblemError(PROBLEMS.validation, {
    detail: 'cursor: must be the nextCursor of a page of this service',
    errors: [{ in: 'query', field: 'cursor', message: 'must be the nextCursor of a page of this service' }],
  });
