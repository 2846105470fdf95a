import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { PLACE_ORDERS, PlaceOrdersRequest, type PlaceOrdersAnswer } from '@backstep/contracts/http';
import { zod } from '@backstep/problems';
import type { z } from 'zod';
import { OrderPlacement } from './order-placement.js';

/** Takes orders, always in a list of those that the gateway has at the same time. */
@Controller(PLACE_ORDERS.path)
export class OrderPlacementController {
  constructor(@Inject(OrderPlacement) private readonly placement: OrderPlacement) {}

  @Post()
  @HttpCode(200)
  async placeAll(
    @Body(zod(PlaceOrdersRequest)) { orders, waitSeconds }: z.output<typeof PlaceOrdersRequest>,
  ): Promise<PlaceOrdersAnswer> {
    return { results: await Promise.all(orders.map((order) => this.placement.place(order, waitSeconds))) };
  }
}
