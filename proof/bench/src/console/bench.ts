import type { Browser } from 'playwright-core';
import type { Started } from '../system/start.js';
import type { Row } from './rows.js';

/** What a part measures with. */
export interface Bench {
  readonly started: Started;
  /** undefined: there is none. */
  readonly browser: Browser | undefined;
  readonly seconds: number;
  /** So many were placed before. */
  readonly orders: number;
  readonly signal: AbortSignal;
}

export interface Part {
  readonly about: string;
  /** What it measures, without figures: what is told where there is no browser. Empty: none is needed. */
  readonly inBrowser: readonly Pick<Row, 'what' | 'limit' | 'unit'>[];
  measure(bench: Bench): Promise<readonly Row[]>;
}
