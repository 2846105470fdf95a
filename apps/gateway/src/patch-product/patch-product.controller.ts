import { Controller, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { PatchProductRequest, ProductView } from '@backstep/contracts/http';
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

export const patchProduct = operation({
  id: 'patchProduct',
  operator: true,
  method: 'PATCH',
  path: PATHS.product,
  tag: 'Products',
  summary: 'Change some fields of a product',
  description:
    'With If-Match, the fields are merged into what others have changed since that version, and refused only where both have changed the ' +
    'same; price and currency count as one. Without it, they are put into the product as it is.',
  params: { sku: Sku },
  headers: {
    'If-Match': IfMatch.optional().meta({ description: 'The ETag the product was read with' }),
    'Idempotency-Key': keyForEach('change'),
  },
  body: PatchProductRequest,
  answers: {
    200: {
      description: 'The product with these fields, and with what others have changed',
      content: { 'application/json': Product },
      headers: CHANGED,
      links: { product: { operationId: 'readProduct', parameters: { sku: '$response.body#/sku' } } },
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class PatchProductController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(patchProduct)
  async patch(
    @Input(patchProduct) { params: { sku }, headers, body, context }: InputOf<typeof patchProduct>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Product> {
    const answer = await this.services.inventory.request(context, {
      answer: ProductView,
      method: 'PATCH',
      path: `/products/${encodeURIComponent(sku)}`,
      headers: conditionsOf(headers),
      body,
    });
    const product = toProduct(answer.body);
    tellChanged(answer, product, reply);
    return product;
  }
}
