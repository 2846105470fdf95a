import { ContradictoryCommandError } from '@backstep/unit-of-work';
import { described, isSame, type RequestedLine } from '../stock/stock.rules.js';
import type { Reservation } from './reservation.entity.js';

/**
 * Refuses a command with other lines than the stored ones: an order reserves and releases one set of lines. Of goods that have left, the
 * reservation has the lines no more, and nothing moves any more.
 * @throws ContradictoryCommandError
 */
export function refuseOther(
  command: string,
  asked: readonly RequestedLine[],
  { items, status }: Pick<Reservation, 'items' | 'status'>,
): void {
  if (status === 'SHIPPED' || isSame(items, asked)) return;
  throw new ContradictoryCommandError(command, [`items ${described(items)}, not ${described(asked)}`]);
}
