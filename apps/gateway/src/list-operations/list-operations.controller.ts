import { Controller, Inject } from '@nestjs/common';
import type { ServiceName } from '@backstep/contracts';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { Services } from '../services/services.js';
import { listOperations, type OperationPage } from './list-operations.js';
import { mergedOperations } from './merged-operations.js';
import { OPERATION_SOURCES } from './operation-sources.js';

@Controller()
export class ListOperationsController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listOperations)
  async list(@Input(listOperations) { query, context }: InputOf<typeof listOperations>): Promise<OperationPage> {
    const { by, action, orderId: subject, cursor, limit } = query;
    const unreachable = new Set<ServiceName>();
    const asked = OPERATION_SOURCES.filter(({ actions }) => action === undefined || actions.includes(action));
    const pages = await Promise.all(
      asked.map(async ({ service, read }) => {
        try {
          return [await read(this.services, context, { by, action, subject, cursor, limit })];
        } catch (error) {
          if (!isAway(error)) throw error;
          unreachable.add(service);
          return [];
        }
      }),
    );
    const { items, nextCursor } = mergedOperations(pages.flat(), limit);
    return { items: [...items], nextCursor, unreachable: [...unreachable] };
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof ProblemError &&
  (error.problem === PROBLEMS.unavailable || error.problem === PROBLEMS.handlerTimeout);
