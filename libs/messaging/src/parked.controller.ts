import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { type ParkedMessage } from '@backstep/inbox';
import { pageCursor, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { ReplayFailedError, UnitOfWork } from '@backstep/unit-of-work';
import { z } from 'zod';
import { Messaging } from './messaging.js';

const PAGE_MAX = 100;

/** A page ends at a `seq`, the order of parking, so a cursor stays valid when its message is handled meanwhile. */
const CURSOR = pageCursor('parked', '[1-9][0-9]{0,17}');

const ListParked = z.strictObject({
  state: z.enum(['poisoned', 'held', 'discarded']).optional(),
  cursor: CURSOR.schema.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(20),
});

/** Shows the messages that this service could not handle, and takes the actions of operators. */
@Controller('parked')
export class ParkedController {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Messaging) private readonly messaging: Messaging,
  ) {}

  @Get()
  async list(@Query(zod(ListParked)) { state, cursor, limit }: z.output<typeof ListParked>) {
    const items = await this.unitOfWork.parkingLot.list({
      limit: limit + 1,
      ...(state && { state }),
      ...(cursor && { after: cursor }),
    });
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return { items: page, nextCursor: last && items.length > limit ? CURSOR.after(last.seq) : null };
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replay(@Param('id', zod(z.uuid())) id: string): Promise<{ id: string; state: 'handled' }> {
    try {
      if (!(await this.messaging.consumer.replay(id))) throw notParked(id);
      return { id, state: 'handled' };
    } catch (error) {
      if (!(error instanceof ReplayFailedError)) throw error;
      const parked: ParkedMessage | undefined = await this.unitOfWork.parkingLot.find(id);
      throw new ProblemError(PROBLEMS.conflict, {
        detail: error.message,
        extensions: { cause: parked?.cause, attempts: parked?.attempts },
      });
    }
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(@Param('id', zod(z.uuid())) id: string): Promise<{ id: string; state: 'discarded' }> {
    if (await this.messaging.consumer.discard(id)) return { id, state: 'discarded' };
    const parked = await this.unitOfWork.parkingLot.find(id);
    if (parked?.state !== 'held') throw notParked(id);
    throw new ProblemError(PROBLEMS.conflict, {
      detail: `The message ${id} waits behind another: replay or discard that one.`,
    });
  }
}

const notParked = (id: string): ProblemError =>
  new ProblemError(PROBLEMS.notFound, { detail: `No message ${id} is parked here, or it was settled already.` });
