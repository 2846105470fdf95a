import { Controller, HttpStatus, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { ProductView, PutProductRequest } from '@backstep/contracts/http';
import { entityTagOf, PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { ETAG, IfMatch } from '../api/etag.js';
import { IDEMPOTENCY_REPLAYED, keyForEach, passReplayed } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

const links = { product: { operationId: 'readProduct', parameters: { sku: '$response.body#/sku' } } };
const headers = { ETag: `${ETAG}. For the next If-Match`, ...IDEMPOTENCY_REPLAYED };

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
    200: { description: 'The product is changed', content: { 'application/json': Product }, headers, links },
    201: {
      description: 'The product is new',
      content: { 'application/json': Product },
      headers: { ...headers, Location: 'Where it is read' },
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
      headers: { 'if-match': headers['If-Match'], 'idempotency-key': headers['Idempotency-Key'] },
      body,
    });
    const product = toProduct(answer.body);
    passReplayed(answer, reply);
    void reply.status(answer.status).header('etag', entityTagOf(product.version, product));
    if (answer.status === HttpStatus.CREATED) void reply.header('location', product.links.self);
    return product;
  }
}
