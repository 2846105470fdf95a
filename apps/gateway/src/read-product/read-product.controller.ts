import { Controller, Inject, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { ProductView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

export const readProduct = operation({
  id: 'readProduct',
  method: 'GET',
  path: PATHS.product,
  tag: 'Products',
  summary: 'Read a product and its stock',
  params: { sku: Sku },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The product',
      content: { 'application/json': Product },
      headers: { ETag: `${ETAG}: it counts name, currency and price` },
      links: {
        change: {
          operationId: 'putProduct',
          parameters: { sku: '$response.body#/sku', 'If-Match': '$response.header.ETag' },
        },
        adjust: { operationId: 'adjustStock', parameters: { sku: '$response.body#/sku' } },
      },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadProductController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readProduct)
  async read(
    @Input(readProduct) { params: { sku }, headers, context }: InputOf<typeof readProduct>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Product | undefined> {
    const product = toProduct(
      await this.services.inventory.get(context, `/products/${encodeURIComponent(sku)}`, ProductView),
    );
    return isNotModified(reply, product, headers['If-None-Match']) ? undefined : product;
  }
}
