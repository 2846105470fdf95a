import { Controller, Inject, Res } from '@nestjs/common';
import { ProblemError, PROBLEMS, type RequestContext } from '@backstep/platform';
import type { FastifyReply } from 'fastify';
import { isNotModified } from '../api/etag.js';
import type { InputOf } from '../api/operation.js';
import type { Page } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { type ServiceOrder, toOrder } from '../representations/order.js';
import { type Saga, type ServiceSaga, type ServiceSagaSummary, toSaga } from '../representations/saga.js';
import { Services } from '../services/services.js';
import { type OrderWithSaga, readOrder } from './read-order.js';

/** An order is not kept waiting for its saga: what it costs, and where it goes, is known without. */
const SAGA_ANSWER_MS = 1_000;

@Controller()
export class ReadOrderController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readOrder)
  async read(
    @Input(readOrder) { params: { orderId }, headers, context }: InputOf<typeof readOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderWithSaga | undefined> {
    const order = await this.services.order.get<ServiceOrder>(context, `/orders/${orderId}`);
    if (isNotModified(reply, order.version, headers['If-None-Match'])) return undefined;
    return { ...toOrder(order), saga: await this.sagaOf(context, orderId) };
  }

  private async sagaOf(context: RequestContext, orderId: string): Promise<Saga | null> {
    try {
      const newest = { path: '/sagas', query: { orderId, limit: 1 }, answerMs: SAGA_ANSWER_MS };
      const { body: page } = await this.services.orchestrator.request<Page<ServiceSagaSummary>>(context, newest);
      const [summary] = page.items;
      if (!summary) return null;
      const saga = { path: `/sagas/${summary.id}`, answerMs: SAGA_ANSWER_MS };
      return toSaga((await this.services.orchestrator.request<ServiceSaga>(context, saga)).body);
    } catch (error) {
      if (error instanceof ProblemError && error.problem === PROBLEMS.unavailable) return null;
      throw error;
    }
  }
}
