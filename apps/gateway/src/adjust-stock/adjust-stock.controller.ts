import { Controller, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { AdjustStockRequest, ProductView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { IDEMPOTENCY_REPLAYED, keyForEach, passReplayed } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

export const adjustStock = operation({
  id: 'adjustStock',
  operator: true,
  method: 'POST',
  path: PATHS.adjustments,
  tag: 'Products',
  summary: 'Correct the stock on hand',
  description:
    'With an `Idempotency-Key`, a request that is sent again adjusts once. Without it each request adjusts once more: after a lost answer, ' +
    'read the product before you repeat it.',
  params: { sku: Sku },
  headers: {
    'Idempotency-Key': keyForEach('adjustment'),
  },
  body: AdjustStockRequest,
  answers: {
    200: {
      description: 'The product with its new stock',
      content: { 'application/json': Product },
      headers: IDEMPOTENCY_REPLAYED,
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    PROBLEMS.outOfRange,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class AdjustStockController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(adjustStock)
  async adjust(
    @Input(adjustStock) { params: { sku }, headers, body, context }: InputOf<typeof adjustStock>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Product> {
    const answer = await this.services.inventory.request(context, {
      answer: ProductView,
      method: 'POST',
      path: `/products/${encodeURIComponent(sku)}/adjustments`,
      headers: { 'idempotency-key': headers['Idempotency-Key'] },
      body,
    });
    passReplayed(answer, reply);
    return toProduct(answer.body);
  }
}
