import type { Sale } from '@backstep/bench/flash-sale';
import { plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';

const count = (value: number): string => value.toLocaleString('en');

/** What became of the sale, a line for each strategy. */
export const salesText = (sales: readonly Sale[], paint: Paint = plain): string =>
  table<Sale>(
    [
      { title: 'Strategy', cell: ({ strategy }) => strategy },
      { title: 'Sold', align: 'right', cell: ({ sold }) => count(sold) },
      { title: 'Told sold out', align: 'right', cell: ({ soldOut }) => count(soldOut) },
      { title: 'Left', align: 'right', cell: ({ left }) => count(left) },
      { title: 'Conflicts', align: 'right', cell: ({ conflicts }) => count(conflicts) },
      { title: 'p99', align: 'right', cell: ({ p99 }) => `${count(Math.round(p99))} ms` },
      { title: 'All told after', align: 'right', cell: ({ seconds }) => `${seconds.toFixed(1)} s` },
      { title: '', cell: ({ isRight }) => (isRight ? 'right' : 'WRONG') },
    ],
    sales,
    paint,
  );

/**
 * What makes the demo fail, a sentence each: a strategy that sold another number than there was; or buyers who did not race, since without a check
 * nothing went wrong.
 */
export function problemsOf(sales: readonly Sale[], items: number): string[] {
  const wrong = sales.filter(({ isUnsafe, isRight }) => !isUnsafe && !isRight);
  const idle = sales.filter(({ isUnsafe, isRight }) => isUnsafe && isRight);
  return [
    ...wrong.map(
      ({ strategy, sold, left }) =>
        `${strategy} has sold ${count(sold)} of ${count(items)}, and ${count(left)} are left.`,
    ),
    ...idle.map(
      ({ strategy }) => `${strategy} has gone right: the buyers did not race, so the others have shown nothing.`,
    ),
  ];
}
