import type pg from 'pg';
import { SLOTS } from './stock.js';
import { LOST, untilAccepted, type Strategy, type Surroundings } from './strategy.js';

interface Read {
  readonly on_hand: number;
  readonly version: string;
}

const read = (name: string, lock = '') => {
  const text = `SELECT on_hand, version FROM stock WHERE sku = $1${lock}`;
  return async (client: pg.Client, key: string): Promise<Read> => {
    const { rows } = await client.query<Read>({ name, text, values: [key] });
    if (!rows[0]) throw new Error(`there is no row ${key}`);
    return rows[0];
  };
};
const readPlain = read('read');
const readForNoKeyUpdate = read('read-no-key', ' FOR NO KEY UPDATE');
const readForUpdate = read('read-update', ' FOR UPDATE');

const isSoldOut = ({ on_hand }: Read): boolean => on_hand < 1;
const oneLess = ({ on_hand }: Read): number => on_hand - 1;

const write = (client: pg.Client, key: string, onHand: number) =>
  client.query({
    name: 'write',
    text: 'UPDATE stock SET on_hand = $2, version = version + 1 WHERE sku = $1',
    values: [key, onHand],
  });

const writeChecked = (client: pg.Client, key: string, onHand: number, version: string) =>
  client.query({
    name: 'write-checked',
    text: 'UPDATE stock SET on_hand = $2, version = version + 1 WHERE sku = $1 AND version = $3',
    values: [key, onHand, version],
  });

const none: Strategy = {
  about: 'SELECT, compute, UPDATE: nothing is checked',
  counts: 'stock',
  unsafe: true,
  begin: (cell) => ({
    take: async (client, key) => {
      const session = sessionOf(cell, client);
      cell.tally.attempts++;
      const row = await readPlain(session, key);
      await cell.work();
      if (isSoldOut(row)) return false;
      await write(session, key, oneLess(row));
      return true;
    },
  }),
};

const optimistic: Strategy = {
  about: 'the version in the WHERE of the UPDATE; run again without a limit, full jitter of 1 to 64 ms',
  counts: 'stock',
  begin: (cell) => ({
    take: (client, key) => {
      const session = sessionOf(cell, client);
      return untilAccepted(cell.tally, async () => {
        const row = await readPlain(session, key);
        await cell.work();
        if (isSoldOut(row)) return false;
        return (await writeChecked(session, key, oneLess(row), row.version)).rowCount === 1 || LOST;
      });
    },
  }),
};

/** Reads with a lock, in a transaction. */
const locking = (about: string, readLocked: typeof readPlain): Strategy => ({
  about,
  counts: 'stock',
  begin: (cell) => ({
    take: async (client, key) => {
      const session = sessionOf(cell, client);
      cell.tally.attempts++;
      await session.query('BEGIN');
      const row = await readLocked(session, key);
      await cell.work();
      if (!isSoldOut(row)) await write(session, key, oneLess(row));
      await session.query('COMMIT');
      return !isSoldOut(row);
    },
  }),
});

/** PostgreSQL's `serialization_failure`. */
const SERIALIZATION_FAILURE = '40001';

const serializable: Strategy = {
  about: 'the same SQL as `none` in a SERIALIZABLE transaction; run again on 40001, as `optimistic`',
  counts: 'stock',
  begin: (cell) => ({
    take: (client, key) => {
      const session = sessionOf(cell, client);
      return untilAccepted(cell.tally, async () => {
        await session.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
        try {
          const row = await readPlain(session, key);
          await cell.work();
          if (!isSoldOut(row)) await write(session, key, oneLess(row));
          await session.query('COMMIT');
          return !isSoldOut(row);
        } catch (error) {
          await session.query('ROLLBACK');
          if ((error as { readonly code?: string }).code === SERIALIZATION_FAILURE) return LOST;
          throw error;
        }
      });
    },
  }),
};

const delta: Strategy = {
  about: 'one statement: UPDATE … SET n = n - 1 WHERE n >= 1',
  counts: 'stock',
  begin: (cell) => ({
    take: async (client, key) => {
      cell.tally.attempts++;
      await cell.work();
      const { rowCount } = await sessionOf(cell, client).query({
        name: 'delta',
        text: 'UPDATE stock SET on_hand = on_hand - 1, version = version + 1 WHERE sku = $1 AND on_hand >= 1',
        values: [key],
      });
      return rowCount === 1;
    },
  }),
};

const escrow: Strategy = {
  about: `the same on one of ${SLOTS} rows of the key, by chance`,
  counts: 'slot',
  begin: (cell) => ({
    take: async (client, key) => {
      cell.tally.attempts++;
      await cell.work();
      const { rowCount } = await sessionOf(cell, client).query({
        name: 'escrow',
        text: 'UPDATE slot SET on_hand = on_hand - 1 WHERE sku = $1 AND slot = $2 AND on_hand >= 1',
        values: [key, Math.floor(Math.random() * SLOTS)],
      });
      return rowCount === 1;
    },
  }),
};

function sessionOf({ sessions }: Surroundings, client: number): pg.Client {
  const session = sessions[client];
  if (!session) throw new Error(`client ${client} has no session`);
  return session;
}

export const SQL_STRATEGIES = {
  none,
  optimistic,
  locked: locking('SELECT … FOR NO KEY UPDATE in a transaction', readForNoKeyUpdate),
  'for-update': locking('SELECT … FOR UPDATE in a transaction', readForUpdate),
  serializable,
  delta,
  escrow,
} as const;
