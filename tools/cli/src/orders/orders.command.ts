import type { Command } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize } from '../shared/arguments.js';
import { teach } from '../shared/exit-codes.js';
import { nextPage, paint, print, printJson } from '../shared/output.js';
import type { Order } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { ordersText } from './render-orders.js';

const STATUSES = ['PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLING', 'CANCELLED', 'REVISING'];

interface OrdersOptions extends CommonOptions {
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `backstep orders`: the newest first. */
export function orders(program: Command): void {
  const command = program
    .command('orders')
    .description('list orders, newest first')
    .addOption(choiceOption('--status <status>', 'only those', STATUSES))
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(async ({ status, limit, cursor, ...where }: OrdersOptions) => {
      const page = await new Api(await gatewayOf(where)).get<Page<Order>>('/v1/orders', { status, limit, cursor });
      if (where.json) printJson(page);
      else print(ordersText(page.items, paint) + nextPage(page.nextCursor));
    });
  teach(withCommonOptions(command), ['orders --status REJECTED --limit 5', "orders --json | jq -r '.items[].id'"]);
}
