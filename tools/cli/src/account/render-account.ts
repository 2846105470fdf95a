import { money } from '../shared/money.js';
import type { Account } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { fields } from '../shared/table.js';

/** An account, with what can still be taken from it. */
export const accountText = (
  { id, currency, balance, overdraftLimit, version }: Account,
  paint: Paint = plain,
): string =>
  fields(
    [
      ['Account', `${id} (version ${version})`],
      ['Balance', paint(balance < 0 ? 'red' : 'green', money(balance, currency))],
      ['Covers', money(balance + overdraftLimit, currency)],
    ],
    paint,
  );
