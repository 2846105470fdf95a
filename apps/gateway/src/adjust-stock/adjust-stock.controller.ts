import { Controller, Inject } from '@nestjs/common';
import { freeText } from '@backstep/messages';
import { Sku } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Product, type ServiceProduct, toProduct } from '../representations/product.js';
import { Services } from '../services/services.js';

const DELTA_MAX = 1_000_000;

const AdjustStock = z
  .strictObject({
    delta: z
      .int()
      .min(-DELTA_MAX)
      .max(DELTA_MAX)
      .meta({ description: 'How many more are on hand; negative for fewer' }),
    reason: freeText(200).meta({ description: 'Kept with the adjustment, for example `counted` or `delivery 42`' }),
  })
  .meta({ id: 'AdjustStock', examples: [{ delta: -2, reason: 'broken in the warehouse' }] });

export const adjustStock = operation({
  id: 'adjustStock',
  operator: true,
  method: 'POST',
  path: PATHS.adjustments,
  tag: 'Products',
  summary: 'Correct the stock on hand',
  description: 'Each request adjusts once more: after a lost answer, read the product before you repeat it.',
  params: { sku: Sku },
  body: AdjustStock,
  answers: { 200: { description: 'The product with its new stock', content: { 'application/json': Product } } },
  problems: [PROBLEMS.notFound, PROBLEMS.conflict, PROBLEMS.outOfRange, PROBLEMS.overloaded, PROBLEMS.unavailable],
});

@Controller()
export class AdjustStockController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(adjustStock)
  async adjust(@Input(adjustStock) { params: { sku }, body, context }: InputOf<typeof adjustStock>): Promise<Product> {
    const answer = await this.services.inventory.request<ServiceProduct>(context, {
      method: 'POST',
      path: `/products/${encodeURIComponent(sku)}/adjustments`,
      body,
    });
    return toProduct(answer.body);
  }
}
