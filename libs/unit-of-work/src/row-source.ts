import type { Executor } from '@backstep/concurrency';
import type { Needs } from './needs.js';
import { read } from './read.js';
import type { RowSet } from './row-set.js';

/** What one message or request of a batch needs. */
export interface Asked {
  /** The handler; undefined for a poisoned message, which needs no rows. */
  readonly by: object | undefined;
  /** The name of the message; empty for a request. */
  readonly message: string;
  readonly needs: Needs;
}

export interface Filled {
  /** Which of the keys are held. */
  readonly held: Set<string>;
  /** Keys for which no read has asked whether they are held: the write checks that. */
  readonly unasked: readonly string[];
}

/** Where a batch gets its rows. */
export interface RowSource {
  /**
   * Fills the row set with the rows that it wants.
   * @param keys the keys of the batch's messages, to find out which are held
   */
  fill(rowSet: RowSet, asked: readonly Asked[], keys: readonly string[], executor: Executor): Promise<Filled>;
}

const NONE: readonly string[] = [];

/** Reads all rows. */
export const readRows: RowSource = {
  fill: async (rowSet, _, keys, executor) => ({ held: await read(executor, rowSet, keys, false), unasked: NONE }),
};

/** Reads all rows and locks them, until the executor's transaction ends. */
export const lockRows: RowSource = {
  fill: async (rowSet, _, keys, executor) => ({ held: await read(executor, rowSet, keys, true), unasked: NONE }),
};
