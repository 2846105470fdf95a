import { translate, type VersionedTable } from '@backstep/concurrency';
import type { OutboxMessage } from '@backstep/outbox';
import type { Pool } from 'pg';
import { Batch, type BatchEnvironment } from './batch.js';
import { ContendedError } from './errors.js';
import { inTransaction } from './executor.js';
import { isConflict } from './failures.js';
import { lockRows, type RowSource } from './row-source.js';
import type { RowSet } from './row-set.js';
import type { Work } from './work.js';

/** Tries of a dry run whose rows others change at the same time. */
const TRIES_MAX = 3;
/** Messages, and rows, that are told. */
const TOLD_MAX = 100;
/** The most characters of a message's data that are told. */
const DATA_MAX_CHARS = 32 * 1_024;
const STATE_MAX_CHARS = 64;

/** A message that would be sent. It would have another id: ids are made anew with each decision. */
export interface DecidedMessage {
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly commandId: string | null;
  /** Null where it is too large to be told. */
  readonly data: unknown;
}

/** A row before or after a decision. */
export interface DecidedState {
  /** Null where PostgreSQL makes it, in the write. */
  readonly version: number | null;
  /** Of its column `status` or `state`; null where it has neither. */
  readonly state: string | null;
}

/** What would become of a row. */
export interface DecidedRow {
  readonly table: string;
  readonly key: string;
  /** Null: it is not there. */
  readonly from: DecidedState | null;
  /** Null: it would be removed. */
  readonly to: DecidedState | null;
}

/** What a work would do. */
export interface Decided {
  readonly messages: readonly DecidedMessage[];
  readonly rows: readonly DecidedRow[];
  /** What would follow the commit in the process itself, by name. */
  readonly effects: readonly string[];
  /** More than is told here. */
  readonly truncated: boolean;
}

/**
 * Does the work in a transaction that is rolled back: the handler decides, the very statement of the write runs, with all its checks and
 * constraints, and nothing of it stays. Nothing is sent, and nothing follows. The rows are locked for these milliseconds, in the order of all
 * writers.
 * @throws what the handler threw, or the database; ContendedError; DatabaseUnavailableError
 */
export async function dryRun(
  pool: Pool,
  environment: BatchEnvironment,
  work: Work,
  lockTimeoutMs: number,
): Promise<Decided> {
  for (let tries = 1; ; tries++) {
    try {
      return await decided(pool, environment, work, lockTimeoutMs);
    } catch (error) {
      const failure = translate(error);
      if (!isConflict(failure)) throw failure;
      if (tries >= TRIES_MAX) throw new ContendedError({ cause: failure });
    }
  }
}

async function decided(pool: Pool, environment: BatchEnvironment, work: Work, lockTimeoutMs: number): Promise<Decided> {
  const batch = new Batch([work], environment);
  const before = new Map<VersionedTable, Map<string, unknown>>();
  const source: RowSource = {
    async fill(rowSet, asked, keys, executor) {
      const filled = await lockRows.fill(rowSet, asked, keys, executor);
      rowSet.forEach((table, key, row) => {
        const rows = before.get(table) ?? new Map<string, unknown>();
        before.set(table, rows.set(key, row));
      });
      return filled;
    },
  };
  const { outgoing, effects } = await inTransaction(
    pool,
    lockTimeoutMs,
    (executor) => batch.run(executor, [], source),
    'ROLLBACK',
  );
  const rows = changedRows(batch.rowSet, before);
  return {
    messages: outgoing.slice(0, TOLD_MAX).map(toldMessage),
    rows: rows.slice(0, TOLD_MAX),
    effects: [...effects.keys()].map(({ name }) => name),
    truncated: rows.length > TOLD_MAX || outgoing.length > TOLD_MAX,
  };
}

function changedRows(after: RowSet, before: ReadonlyMap<VersionedTable, ReadonlyMap<string, unknown>>): DecidedRow[] {
  const changed: DecidedRow[] = [];
  after.forEach((table, key, row) => {
    const was = before.get(table)?.get(key);
    // A changed row is another object: see `RowSet.apply`.
    if (row === was) return;
    const from = was === undefined ? null : { version: table.versionOf(was), state: stateOf(was) };
    const version = (): number | null => (table.version.madeByDatabase ? null : table.versionOf(row));
    const to = row === undefined ? null : { version: version(), state: stateOf(row) };
    changed.push({ table: table.name.slice(1, -1), key, from, to });
  });
  return changed;
}

function stateOf(row: unknown): string | null {
  const { status, state } = row as { readonly status?: unknown; readonly state?: unknown };
  const found = [status, state].find((one) => typeof one === 'string');
  return typeof found === 'string' ? found.slice(0, STATE_MAX_CHARS) : null;
}

const toldMessage = ({ topic, key, headers, value }: OutboxMessage): DecidedMessage => ({
  type: headers['ce_type'] ?? '',
  topic,
  key,
  commandId: headers['ce_commandid'] ?? null,
  data: value === null || value.length > DATA_MAX_CHARS ? null : (JSON.parse(value) as unknown),
});
