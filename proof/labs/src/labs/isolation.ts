import { TransactionRetryError, translate } from '@backstep/concurrency';
import type pg from 'pg';
import type { Lab, Scene } from '../lab.js';
import type { Stage } from '../stage.js';

const LEVELS = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const;
type Level = (typeof LEVELS)[number];

const HAPPENS = 'happens';
const NEVER = 'does not happen';
const REFUSED = 'refused (40001)';

type Two = (one: pg.Client, other: pg.Client) => Promise<boolean>;

const numberIn = async (client: pg.Client, sql: string): Promise<number> =>
  (await client.query<{ n: number }>(`SELECT (${sql})::int AS n`)).rows[0]?.n ?? 0;

const balance = (name: string): string => `SELECT balance FROM account WHERE name = '${name}'`;
const set = (name: string, to: number): string => `UPDATE account SET balance = ${to} WHERE name = '${name}'`;
const leave = (name: string): string => `UPDATE engineer SET on_call = false WHERE name = '${name}'`;
const ON_CALL = 'SELECT count(*) FROM engineer WHERE on_call';

/** Each runs two transactions in lockstep. @returns whether the anomaly happened. @throws 40001 where PostgreSQL refuses it */
const ANOMALIES: readonly { readonly anomaly: string; readonly happens: Two; readonly outcomes: readonly string[] }[] =
  [
    {
      anomaly: 'dirty read',
      happens: async (one, other) => {
        await one.query(set('a', 0));
        const seen = await numberIn(other, balance('a'));
        await one.query('ROLLBACK');
        await other.query('COMMIT');
        return seen !== 100;
      },
      outcomes: [NEVER, NEVER, NEVER],
    },
    {
      anomaly: 'read skew',
      happens: async (one, other) => {
        const a = await numberIn(one, balance('a'));
        await other.query(`${set('a', 50)}; ${set('b', 150)}`);
        await other.query('COMMIT');
        const b = await numberIn(one, balance('b'));
        await one.query('COMMIT');
        return a + b !== 200;
      },
      outcomes: [HAPPENS, NEVER, NEVER],
    },
    {
      anomaly: 'phantom',
      happens: async (one, other) => {
        const before = await numberIn(one, ON_CALL);
        await other.query(`INSERT INTO engineer VALUES ('Cora', true)`);
        await other.query('COMMIT');
        const after = await numberIn(one, ON_CALL);
        await one.query('COMMIT');
        return before !== after;
      },
      outcomes: [HAPPENS, NEVER, NEVER],
    },
    {
      anomaly: 'lost update',
      happens: async (one, other) => {
        const [mine, theirs] = [await numberIn(one, balance('a')), await numberIn(other, balance('a'))];
        await one.query(set('a', mine + 50));
        await one.query('COMMIT');
        await other.query(set('a', theirs + 7));
        await other.query('COMMIT');
        return (await numberIn(one, balance('a'))) !== 157;
      },
      outcomes: [HAPPENS, REFUSED, REFUSED],
    },
    {
      anomaly: 'write skew',
      happens: async (one, other) => {
        await numberIn(one, ON_CALL);
        await numberIn(other, ON_CALL);
        await one.query(leave('Ana'));
        await other.query(leave('Ben'));
        await one.query('COMMIT');
        await other.query('COMMIT');
        return (await numberIn(one, ON_CALL)) === 0;
      },
      outcomes: [HAPPENS, HAPPENS, REFUSED],
    },
  ];

const ROWS = `
  TRUNCATE account, engineer;
  INSERT INTO account VALUES ('a', 100), ('b', 100);
  INSERT INTO engineer VALUES ('Ana', true), ('Ben', true)`;

async function outcomeOf(happens: Two, level: Level, [one, other]: readonly [pg.Client, pg.Client]): Promise<string> {
  await one.query(ROWS);
  for (const client of [one, other]) await client.query(`BEGIN ISOLATION LEVEL ${level}`);
  // A snapshot is taken by the first statement: both have theirs before either writes.
  for (const client of [one, other]) await client.query('SELECT');
  try {
    return (await happens(one, other)) ? HAPPENS : NEVER;
  } catch (thrown) {
    const error = translate(thrown);
    if (!(error instanceof TransactionRetryError)) throw error;
    return `refused (${error.sqlState})`;
  } finally {
    for (const client of [one, other]) await client.query('ROLLBACK');
  }
}

const sceneOf = (title: string, levels: readonly Level[], sentences: readonly string[]): Scene => ({
  title,
  play: async (stage: Stage) => {
    const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
    const clients = [await ana.client(), await ben.client()] as const;
    const rows = [];
    for (const { anomaly, happens, outcomes } of ANOMALIES) {
      const found: string[] = [];
      for (const level of levels) {
        ana.begins(() => outcomeOf(happens, level, clients));
        const outcome = await ana.succeeds<string>();
        const documented = outcomes[LEVELS.indexOf(level)];
        if (outcome !== documented) stage.shows(false, `${anomaly} at ${level}: ${documented} (it was: ${outcome})`);
        found.push(outcome);
      }
      rows.push({ anomaly, outcomes: found });
    }
    stage.anomalies = { levels, rows };
    for (const sentence of sentences) stage.says(sentence);
  },
});

export const isolation: Lab = {
  entities: [],
  tables: `
    CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL);
    CREATE TABLE engineer (name text PRIMARY KEY, on_call boolean NOT NULL)`,
  rows: ROWS,
  oneScene: true,
  without: sceneOf(
    'Each anomaly at READ COMMITTED, which PostgreSQL takes where nobody says otherwise',
    LEVELS.slice(0, 1),
    ['Only the dirty read is kept away.'],
  ),
  with: sceneOf('Each anomaly at each level', LEVELS, [
    'REPEATABLE READ reads one snapshot and refuses a lost update; write skew passes.',
    'SERIALIZABLE refuses write skew too: whoever is refused must run again.',
  ]),
};
