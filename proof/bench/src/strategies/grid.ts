import { LOADS, type LoadName } from './loads.js';
import type { Place } from './report.js';
import { KEYS } from './stock.js';

/** Work inside, milliseconds. */
export const WORKS_MS = [0, 2] as const;
export const CLIENTS = [1, 8, 32, 64] as const;
export const ALL_CLIENTS = [1, 2, 4, 8, 16, 32, 64] as const;
export const CLIENTS_MAX = 64;

export interface GridOptions {
  readonly strategies: readonly string[];
  readonly loads: readonly LoadName[];
  readonly clients: readonly number[];
  /** Work inside, milliseconds. */
  readonly works: readonly number[];
}

export const isWhole = ({ loads, clients }: GridOptions): boolean =>
  LOADS.every((load) => loads.includes(load)) && CLIENTS.every((count) => clients.includes(count));

/** The cells of one round. All strategies of one place run one after another: their ratios are of one minute. */
export const gridPlaces = ({ strategies, loads, clients, works }: GridOptions): Place[] =>
  works.flatMap((workMs) =>
    loads.flatMap((load) =>
      clients.flatMap((count) =>
        strategies.map((strategy) => ({
          strategy,
          load,
          keys: load === 'one' ? 1 : KEYS,
          clients: count,
          workMs,
        })),
      ),
    ),
  );
