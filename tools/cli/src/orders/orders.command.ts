import type { Command } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize } from '../shared/arguments.js';
import { teach } from '../shared/exit-codes.js';
import { nextPage, paint, print, printJson } from '../shared/output.js';
import type { Order } from '../shared/representations.js';
import { type SpanOptions, spanQuery, withSpanOptions } from '../shared/span-options.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { ordersText } from './render-orders.js';

const STATUSES = ['PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLING', 'CANCELLED', 'REVISING'];

interface OrdersOptions extends CommonOptions, SpanOptions {
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `backstep orders`: the newest first. */
export function orders(program: Command): void {
  const command = program
    .command('orders')
    .description('list orders, newest first')
    .addOption(choiceOption('--status <status>', 'only those', STATUSES));
  withSpanOptions(command, 'placed')
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(async ({ status, from, to, limit, cursor, ...where }: OrdersOptions) => {
      const query = { status, ...spanQuery({ from, to }), limit, cursor };
      const page = await new Api(await gatewayOf(where)).get<Page<Order>>('/v1/orders', query);
      if (where.json) printJson(page);
      else print(ordersText(page.items, paint) + nextPage(page.nextCursor));
    });
  teach(withCommonOptions(command), [
    'orders --status REJECTED --limit 5',
    'orders --from 2h --to 1h',
    "orders --json | jq -r '.items[].id'",
  ]);
}
