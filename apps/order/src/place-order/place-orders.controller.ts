import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/messages';
import { check, problemBody, ProblemError, PROBLEMS, zod, type ProblemBody } from '@backstep/problems';
import { Logger, problemOf } from '@backstep/service';
import { z } from 'zod';
import type { OrderView } from '../order/order.view.js';
import { PlaceOrder } from './place-order.request.js';
import { Placing } from './placing.js';

/** As many as the gateway brings at most. */
const PLACEMENTS_MAX = 64;

/** What is wrong with one placement is said of that one. */
const Placements = z.strictObject({ placements: z.array(z.unknown()).min(1).max(PLACEMENTS_MAX) });
const Placement = z.strictObject({
  idempotencyKey: IdempotencyKey,
  traceparent: z.string().optional(),
  order: PlaceOrder,
});

type Answer =
  | { readonly status: 202; readonly replayed: boolean; readonly order: OrderView }
  | { readonly status: number; readonly problem: ProblemBody; readonly headers: Readonly<Record<string, string>> };

/** Many placements with one request: what the gateway has at the same time it brings at the same time. */
@Controller('orders/batch')
export class PlaceOrdersController {
  constructor(
    @Inject(Placing) private readonly placing: Placing,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** One answer for each, in their order. */
  @Post()
  @HttpCode(200)
  async place(@Body(zod(Placements)) { placements }: z.output<typeof Placements>): Promise<{ answers: Answer[] }> {
    return { answers: await Promise.all(placements.map((placement) => this.placeOne(placement))) };
  }

  private async placeOne(placement: unknown): Promise<Answer> {
    try {
      const { idempotencyKey, traceparent, order } = check(Placement, placement, 'body');
      const placed = await this.placing.place({ idempotencyKey, traceparent, order });
      return { status: 202, replayed: placed.replayed, order: placed.order };
    } catch (thrown) {
      const problem = problemOf(thrown) ?? this.internal(thrown);
      return { status: problem.status, problem: problemBody(problem), headers: problem.headers };
    }
  }

  private internal(error: unknown): ProblemError {
    this.logger.error('an order could not be placed', { error });
    return new ProblemError(PROBLEMS.internal, { cause: error });
  }
}
