import { Controller, Inject } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { AdjustStockRequest, ProductView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
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
  description: 'Each request adjusts once more: after a lost answer, read the product before you repeat it.',
  params: { sku: Sku },
  body: AdjustStockRequest,
  answers: { 200: { description: 'The product with its new stock', content: { 'application/json': Product } } },
  problems: [PROBLEMS.notFound, PROBLEMS.conflict, PROBLEMS.outOfRange, PROBLEMS.contended, PROBLEMS.unavailable],
});

@Controller()
export class AdjustStockController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(adjustStock)
  async adjust(@Input(adjustStock) { params: { sku }, body, context }: InputOf<typeof adjustStock>): Promise<Product> {
    const answer = await this.services.inventory.request(context, {
      answer: ProductView,
      method: 'POST',
      path: `/products/${encodeURIComponent(sku)}/adjustments`,
      body,
    });
    return toProduct(answer.body);
  }
}
