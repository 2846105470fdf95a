import { Controller, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { entityTag, PROBLEMS } from '@backstep/platform';
import type { FastifyReply } from 'fastify';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, type ServiceProduct, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

export const readProduct = operation({
  id: 'readProduct',
  method: 'GET',
  path: PATHS.product,
  tag: 'Products',
  summary: 'Read a product and its stock',
  // No 304: the ETag is for If-Match, and stock changes without it.
  params: { sku: Sku },
  answers: {
    200: {
      description: 'The product',
      content: { 'application/json': Product },
      headers: { ETag: 'The version of its name, currency and price, for If-Match' },
    },
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadProductController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readProduct)
  async read(
    @Input(readProduct) { params: { sku }, context }: InputOf<typeof readProduct>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Product> {
    const product = toProduct(
      await this.services.inventory.get<ServiceProduct>(context, `/products/${encodeURIComponent(sku)}`),
    );
    void reply.header('etag', entityTag(product.version));
    return product;
  }
}
