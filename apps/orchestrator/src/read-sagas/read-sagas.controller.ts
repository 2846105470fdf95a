import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { InvalidCursorError, PostgresSagaStore, SAGA_STATUSES, type SagaPage } from '@backstep/saga';
import { z } from 'zod';
import { sagaSummary, sagaView } from './saga.view.js';

const Page = z.strictObject({
  state: z.enum(SAGA_STATUSES).optional(),
  type: z.string().max(100).optional(),
  orderId: z.uuid().optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

@Controller('sagas')
export class ReadSagasController {
  constructor(@Inject(PostgresSagaStore) private readonly store: PostgresSagaStore) {}

  @Get()
  async list(@Query(zod(Page)) { state, type, orderId, cursor, limit }: z.output<typeof Page>) {
    const { sagas, next } = await this.page({
      limit,
      ...(state && { status: state }),
      ...(type !== undefined && { name: type }),
      ...(orderId !== undefined && { subject: orderId }),
      ...(cursor !== undefined && { cursor }),
    });
    return { items: sagas.map(sagaSummary), nextCursor: next ?? null };
  }

  @Get(':id')
  async read(@Param('id', zod(z.uuid())) id: string) {
    const saga = await this.store.load(id);
    if (!saga) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no saga ${id}.` });
    return sagaView(saga);
  }

  private async page(query: Parameters<PostgresSagaStore['list']>[0]): Promise<SagaPage> {
    try {
      return await this.store.list(query);
    } catch (error) {
      if (!(error instanceof InvalidCursorError)) throw error;
      const errors = [
        { in: 'query' as const, field: 'cursor', message: 'must be the nextCursor of a page of this list' },
      ];
      throw new ProblemError(PROBLEMS.validation, {
        detail: 'cursor: must be the nextCursor of a page of this list',
        errors,
        cause: error,
      });
    }
  }
}
