import { money } from '../shared/money.js';
import type { Product } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';

/** Products as a table, with what of the stock is promised and what can still be ordered. */
export const productsText = (products: readonly Product[], paint: Paint = plain): string =>
  products.length === 0
    ? 'There are none.'
    : table<Product>(
        [
          { title: 'SKU', cell: ({ sku }) => sku },
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Price', align: 'right', cell: ({ price, currency }) => money(price, currency) },
          { title: 'On hand', align: 'right', cell: ({ onHand }) => String(onHand) },
          { title: 'Reserved', align: 'right', cell: ({ reserved }) => String(reserved) },
          {
            title: 'Available',
            align: 'right',
            cell: ({ available }) => paint(available === 0 ? 'red' : 'green', String(available)),
          },
        ],
        products,
        paint,
      );
