import { Controller, Inject } from '@nestjs/common';
import { type Page, ProductViews, SKU_KEY } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { type InputOf, operation } from '../api/operation.js';
import { cursorOf, mapPage, namedPageOf, pageQuery } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

export const listProducts = operation({
  id: 'listProducts',
  method: 'GET',
  path: PATHS.products,
  tag: 'Products',
  summary: 'List products, by SKU',
  query: pageQuery(cursorOf('products', SKU_KEY)),
  answers: {
    200: {
      description: 'A page of products',
      content: { 'application/json': namedPageOf('ProductPage', Product) },
      links: {
        first: { operationId: 'readProduct', parameters: { sku: '$response.body#/items/0/sku' } },
      },
    },
  },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListProductsController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listProducts)
  async list(@Input(listProducts) { query, context }: InputOf<typeof listProducts>): Promise<Page<Product>> {
    return mapPage(await this.services.inventory.get(context, '/products', ProductViews, query), toProduct);
  }
}
