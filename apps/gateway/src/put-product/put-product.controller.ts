import { Controller, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { ProductView, PutProductRequest } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { CHANGED, conditionsOf, tellChanged } from '../api/change.js';
import { IfMatch } from '../api/etag.js';
import { keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

const links = { product: { operationId: 'readProduct', parameters: { sku: '$response.body#/sku' } } };

export const putProduct = operation({
  id: 'putProduct',
  operator: true,
  method: 'PUT',
  path: PATHS.product,
  tag: 'Products',
  summary: 'List a product, or change its name and price',
  description:
    'Orders already placed keep their prices. The order service learns of the change by an event, a moment later.',
  params: { sku: Sku },
  headers: {
    'If-Match': IfMatch.optional().meta({
      description: 'The ETag the product was read with; left out for a new product',
    }),
    'Idempotency-Key': keyForEach('change'),
  },
  body: PutProductRequest,
  answers: {
    200: { description: 'The product is changed', content: { 'application/json': Product }, headers: CHANGED, links },
    201: {
      description: 'The product is new',
      content: { 'application/json': Product },
      headers: { ...CHANGED, Location: 'Where it is read' },
      links,
    },
  },
  problems: [
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class PutProductController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(putProduct)
  async put(
    @Input(putProduct) { params: { sku }, headers, body, context }: InputOf<typeof putProduct>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Product> {
    const answer = await this.services.inventory.request(context, {
      answer: ProductView,
      method: 'PUT',
      path: `/products/${encodeURIComponent(sku)}`,
      headers: conditionsOf(headers),
      body,
    });
    const product = toProduct(answer.body);
    tellChanged(answer, product, reply);
    return product;
  }
}
