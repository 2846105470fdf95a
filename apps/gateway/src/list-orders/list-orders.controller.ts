import { Controller, Inject } from '@nestjs/common';
import { OrderStatus, OrderViews, type Page } from '@backstep/contracts/http';
import { PROBLEMS, UUID_KEY } from '@backstep/problems';
import { type InputOf, operation } from '../api/operation.js';
import { cursorOf, mapPage, namedPageOf, pageQuery } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { checkTimes, timeQuery } from '../api/times.js';
import { PATHS } from '../paths.js';
import { Order, toOrder } from '../representations/order.js';
import { Services } from '../services/services.js';

export const listOrders = operation({
  id: 'listOrders',
  operator: true,
  method: 'GET',
  path: PATHS.orders,
  tag: 'Orders',
  summary: 'List orders, newest first',
  query: { status: OrderStatus.optional(), ...timeQuery('placed'), ...pageQuery(cursorOf('orders', UUID_KEY)) },
  answers: {
    200: {
      description: 'A page of orders',
      content: { 'application/json': namedPageOf('OrderPage', Order) },
      links: {
        first: { operationId: 'readOrder', parameters: { orderId: '$response.body#/items/0/id' } },
      },
    },
  },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListOrdersController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listOrders)
  async list(@Input(listOrders) { query, context }: InputOf<typeof listOrders>): Promise<Page<Order>> {
    checkTimes(query);
    return mapPage(await this.services.order.get(context, '/orders', OrderViews, query), toOrder);
  }
}
