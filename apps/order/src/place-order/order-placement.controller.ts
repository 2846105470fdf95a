import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import {
  OrderToPlace,
  PLACE_ORDERS,
  type PlaceOrderResult,
  PlaceOrdersRequest,
  type PlaceOrdersAnswer,
} from '@backstep/contracts/http';
import { check, problemBody, ProblemError, problemOf, PROBLEMS, zod } from '@backstep/problems';
import { Logger, loggable, newContext } from '@backstep/service';
import type { z } from 'zod';
import { Outcomes } from '../read-orders/outcomes.js';
import { OrderPlacement } from './order-placement.js';

/** Takes orders, always in a list of those that the gateway has at the same time. */
@Controller(PLACE_ORDERS.path)
export class OrderPlacementController {
  constructor(
    @Inject(OrderPlacement) private readonly placement: OrderPlacement,
    @Inject(Outcomes) private readonly outcomes: Outcomes,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Post()
  @HttpCode(200)
  async placeAll(
    @Body(zod(PlaceOrdersRequest)) { orders, waitSeconds }: z.output<typeof PlaceOrdersRequest>,
  ): Promise<PlaceOrdersAnswer> {
    return { results: await Promise.all(orders.map((order) => this.resultOf(order, waitSeconds))) };
  }

  private async resultOf(listed: unknown, waitSeconds: number): Promise<PlaceOrderResult> {
    try {
      const { order, replayed } = await this.placement.place(check(OrderToPlace, listed, 'body'));
      const ended = waitSeconds > 0 ? await this.outcomes.of(order.id, waitSeconds) : undefined;
      return { replayed, order: ended ?? order };
    } catch (thrown) {
      const problem = problemOf(thrown) ?? this.internal(listed, thrown);
      return { problem: problemBody(problem), headers: problem.headers };
    }
  }

  private internal(listed: unknown, error: unknown): ProblemError {
    const asked = OrderToPlace.safeParse(listed).data;
    const context = asked && loggable(newContext(asked.requestId, asked.traceparent));
    this.logger.error('an order could not be placed', { ...context, error });
    return new ProblemError(PROBLEMS.internal, { cause: error });
  }
}
