import { money } from '../shared/money.js';
import type { Order } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { moment } from '../shared/time.js';

/** Orders as a table. */
export const ordersText = (orders: readonly Order[], paint: Paint = plain): string =>
  orders.length === 0
    ? 'There are none.'
    : table<Order>(
        [
          { title: 'Order', cell: ({ id }) => id },
          { title: 'Status', cell: ({ status }) => paintStatus(paint, status) },
          { title: 'Total', align: 'right', cell: ({ total, currency }) => money(total, currency) },
          { title: 'Lines', align: 'right', cell: ({ items }) => String(items.length) },
          { title: 'Placed', cell: ({ createdAt }) => moment(createdAt) },
          { title: 'Why', cell: ({ failure }) => failure?.code ?? '' },
        ],
        orders,
        paint,
      );
