import { percentilesOf } from '@backstep/bench/percentiles';
import type { Contention } from '../shared/representations.js';
import type { SaleCount } from './sale.js';

const count = (value: number): string => value.toLocaleString('en');
const COLUMN = 11;
const MS_PER_SECOND = 1_000;

const line = (cells: readonly string[], taken: string): string =>
  `${cells.map((cell) => cell.padStart(COLUMN)).join('')}   ${taken}`;

/** The head of the table that grows while the sale is on. */
export const SALE_HEAD = line(
  ['After', 'Sold', 'Sold out', 'Waiting', 'p50', 'p99'],
  'How the stock is taken, and why',
);

/** A line of it. */
export function saleLine(seconds: number, { sold, soldOut, waiting, latencies }: SaleCount, taken: string): string {
  const { p50, p99 } = percentilesOf(latencies);
  const ms = (value: number): string => (Number.isNaN(value) ? '' : `${count(Math.round(value))} ms`);
  return line([`${seconds.toFixed(1)} s`, count(sold), count(soldOut), count(waiting), ms(p50), ms(p99)], taken);
}

/** How the row of the stock is taken at the moment, and why, as `/v1/contention` tells. */
export function takenText({ services }: Pick<Contention, 'services'>, sku: string): string {
  const inventory = services.find(({ service }) => service === 'inventory');
  if (inventory === undefined) return 'the inventory service does not answer';
  const hot = inventory.hottest.find(({ entity, key }) => entity === 'Stock' && key === sku);
  if (hot?.strategy === 'locked')
    return `locked, for ${Math.round(hot.forMs / MS_PER_SECOND)} s: too many attempts were lost`;
  const lost = hot?.share ?? 0;
  const instances = inventory.instances === 1 ? 'one instance' : `${inventory.instances} instances`;
  return `optimistic, ${instances}: ${lost === 0 ? 'no attempt is lost' : `${Math.round(100 * lost)} % of the attempts are lost`}`;
}

/**
 * What makes the demo fail, a sentence each.
 * @param available what the inventory service says is left afterwards
 */
export function saleProblems(
  { sold, soldOut, otherwise }: SaleCount,
  { buyers, stock, available }: { readonly buyers: number; readonly stock: number; readonly available: number },
): string[] {
  const must = Math.min(stock, buyers);
  return [
    ...(available === stock - sold ? [] : [`The stock says that ${count(available)} are left of ${count(stock)}.`]),
    ...(sold === must ? [] : [`${count(sold)} were sold, and there were ${count(must)} to sell.`]),
    ...(otherwise === 0
      ? []
      : [`${count(otherwise)} buyers were told neither that they have one nor that it is sold out.`]),
    ...(sold + soldOut + otherwise === buyers ? [] : ['Not every buyer was told.']),
  ];
}
