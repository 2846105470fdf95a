import type { Command } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { pageSize } from '../shared/arguments.js';
import { teach } from '../shared/exit-codes.js';
import { nextPage, paint, print, printJson } from '../shared/output.js';
import type { Product } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { productsText } from './render-products.js';

interface ProductsOptions extends CommonOptions {
  readonly limit: number;
  readonly cursor?: string;
}

/** `backstep products`: by SKU. */
export function products(program: Command): void {
  const command = program
    .command('products')
    .description('list products with price and stock')
    .option('--limit <count>', 'how many, at most 100', pageSize, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(async ({ limit, cursor, ...where }: ProductsOptions) => {
      const page = await new Api(await gatewayOf(where)).get<Page<Product>>('/v1/products', { limit, cursor });
      if (where.json) printJson(page);
      else print(productsText(page.items, paint) + nextPage(page.nextCursor));
    });
  teach(withCommonOptions(command), ['products', "products --json | jq '.items[] | {sku, available}'"]);
}
