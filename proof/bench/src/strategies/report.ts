import type { Machine } from '../measure/machine.js';
import type { Crossover } from './crossover.js';
import type { LoadName } from './loads.js';

/** What a cell is about. */
export interface Place {
  readonly strategy: string;
  readonly load: LoadName;
  /** The first so many keys are drawn from. */
  readonly keys: number;
  readonly clients: number;
  /** Work inside: between the read and the write, milliseconds. */
  readonly workMs: number;
}

/** One strategy, one load, so many clients, once. Times are milliseconds. */
export interface Cell extends Place {
  /** Counts from 1. */
  readonly round: number;
  /** In the window that is measured. */
  readonly opsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** In all, the time before the window included. Of the kit: batches. */
  readonly attempts: number;
  readonly conflicts: number;
  readonly acknowledged: number;
  /** Acknowledged and not in the rows; below 0: in the rows and not acknowledged. */
  readonly lost: number;
}

export const conflictRate = ({ conflicts, attempts }: Pick<Cell, 'conflicts' | 'attempts'>): number =>
  attempts === 0 ? 0 : conflicts / attempts;

/** What `--json` writes. */
export interface StrategiesReport {
  readonly machine: Machine;
  /** `2026-11-27`. */
  readonly date: string;
  /** Measured, of each cell. */
  readonly seconds: number;
  readonly rounds: { readonly grid: number; readonly crossover: number };
  /** What each strategy does. */
  readonly strategies: Readonly<Record<string, string>>;
  readonly cells: readonly Cell[];
  /** undefined where `optimistic` and `locked` were not both run. */
  readonly crossover?: Crossover;
  /** What makes the run worthless; empty when nothing does. */
  readonly faults: readonly string[];
}
