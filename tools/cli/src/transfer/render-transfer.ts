import { money } from '../shared/money.js';
import type { Transfer } from '../shared/representations.js';
import { printable } from '../shared/safe-text.js';
import { plain, type Colour, type Paint } from '../shared/style.js';
import { fields } from '../shared/table.js';

const COLOURS: Readonly<Record<Transfer['status'], Colour>> = { APPLIED: 'green', REJECTED: 'red', QUEUED: 'yellow' };

/** A transfer and how it ended. */
export function transferText(transfer: Transfer, paint: Paint = plain): string {
  const { id, from, to, amount, currency, reference, status, reason } = transfer;
  return fields(
    [
      ['Transfer', id],
      ['Status', paint(COLOURS[status], status)],
      ['Why', reason ?? undefined],
      ['Amount', money(amount, currency)],
      ['From', from],
      ['To', to],
      ['Reference', reference === null ? undefined : printable(reference)],
    ],
    paint,
  );
}
