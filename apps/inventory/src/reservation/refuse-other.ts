import { ContradictoryCommandError } from '@backstep/unit-of-work';
import { described, isSame, type RequestedLine } from '../stock/stock.rules.js';

/**
 * Refuses a command with other lines than the stored ones: an order reserves and releases one set of lines.
 * @throws ContradictoryCommandError
 */
export function refuseOther(
  command: string,
  asked: readonly RequestedLine[],
  { items }: { readonly items: readonly RequestedLine[] },
): void {
  if (isSame(items, asked)) return;
  throw new ContradictoryCommandError(command, [`items ${described(items)}, not ${described(asked)}`]);
}
