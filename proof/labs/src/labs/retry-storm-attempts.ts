import { backoffMs, type BackoffPolicy } from '@backstep/resilience';
import type pg from 'pg';
import { NotShownError } from '../errors.js';
import type { Scene } from '../lab.js';
import type { Stage } from '../stage.js';

export const COUNTER_TABLE =
  'CREATE TABLE counter (name text PRIMARY KEY, n integer NOT NULL, version bigint NOT NULL)';
export const COUNTER_ROW = `TRUNCATE counter; INSERT INTO counter VALUES ('hits', 0, 1)`;

/** What a writer does whose version has moved. */
interface RetryRule {
  /** How long the writer pauses that has lost so many attempts, milliseconds. */
  pauseMs(lost: number, random: () => number): number;
  /** So many attempts are made without a lock; the next one takes the row with a lock. */
  readonly optimisticMax: number;
}

const JITTER: BackoffPolicy = { baseMs: 4, capMs: 64 };
const OPTIMISTIC_MAX = 2;
const atOnce: RetryRule = { pauseMs: () => 0, optimisticMax: Infinity };
const jittered: RetryRule = {
  pauseMs: (lost, random) => backoffMs(JITTER, lost - 1, random),
  optimisticMax: OPTIMISTIC_MAX,
};

interface Writer {
  readonly name: string;
  readonly client: pg.Client;
  lost: number;
  /** In which millisecond its next attempt begins. */
  at: number;
}

interface Counter {
  readonly n: number;
  readonly version: string;
}

async function read(client: pg.Client, lock = ''): Promise<Counter> {
  const { rows } = await client.query<Counter>(`SELECT n, version FROM counter ${lock}`);
  if (!rows[0]) throw new NotShownError('the counter has no row');
  return rows[0];
}

const write = async (client: pg.Client, { n, version }: Counter): Promise<boolean> =>
  (await client.query('UPDATE counter SET n = $1, version = version + 1 WHERE version = $2', [n + 1, version]))
    .rowCount === 1;

async function writeLocked(client: pg.Client): Promise<Counter> {
  await client.query('BEGIN');
  const counter = await read(client, 'FOR NO KEY UPDATE');
  if (!(await write(client, counter))) throw new NotShownError('a locked row was written by another');
  await client.query('COMMIT');
  return counter;
}

/** From which version to which. */
const step = ({ version }: Counter): string => `${version} to ${Number(version) + 1},`;

type Note = (name: string, what: string) => void;

/**
 * Lets all write once. An attempt takes a millisecond: those that begin in the same one have all read before any of them writes. So it depends
 * on nobody's speed who meets whom, and attempts can be counted.
 * @returns how many attempts it took
 */
async function writeAll(writers: readonly Writer[], rule: RetryRule, note: Note): Promise<number> {
  const random = dice();
  let attempts = 0;
  let left = [...writers];
  while (left.length > 0) {
    const now = Math.min(...left.map(({ at }) => at));
    const inTurn = left.filter(({ at }) => at === now);
    attempts += inTurn.length;
    const [free, locking] = [
      inTurn.filter(({ lost }) => lost < rule.optimisticMax),
      inTurn.filter(({ lost }) => lost >= rule.optimisticMax),
    ];
    const done = new Set<Writer>();
    const seen: Counter[] = [];
    for (const { client } of free) seen.push(await read(client));
    for (const [index, writer] of free.entries()) {
      const counter = seen[index] as Counter;
      if (await write(writer.client, counter)) done.add(writer);
      else {
        writer.lost++;
        writer.at = now + 1 + Math.floor(rule.pauseMs(writer.lost, random));
      }
      note(writer.name, `${now} ms: ${step(counter)} ${done.has(writer) ? 'written' : 'refused'}`);
    }
    // At once, each in a session of its own: they wait for one another, and none is refused.
    await Promise.all(
      locking.map(async (writer) => {
        const counter = await writeLocked(writer.client);
        done.add(writer);
        note(writer.name, `${now} ms: locked, ${step(counter)} written`);
      }),
    );
    left = left.filter((writer) => !done.has(writer));
  }
  return attempts;
}

/** The same numbers in each run, in [0, 1): a linear congruential generator (Numerical Recipes). */
function dice(seed = 1): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const FEW = ['Ana', 'Ben', 'Cora', 'Dan'];
const MANY = 32;

/** Four writers in a timeline, then 32 of whom the attempts alone are counted. */
async function fewThenMany(stage: Stage, rule: RetryRule): Promise<{ readonly few: number; readonly many: number }> {
  const parties = FEW.map((name) => stage.party(name));
  const writerOf = (name: string, client: pg.Client): Writer => ({ name, client, lost: 0, at: 0 });
  const named: Writer[] = [];
  for (const party of parties) named.push(writerOf(party.name, await party.client()));
  const few = await writeAll(named, rule, (name, what) => parties.find((party) => party.name === name)?.note(what));
  const [ana] = parties;
  const others: Writer[] = [];
  while (ana && others.length < MANY) others.push(writerOf(ana.name, await ana.client()));
  const many = await writeAll(others, rule, () => undefined);
  const { n } = await stage.row<{ n: number }>('SELECT n FROM counter');
  if (n !== FEW.length + MANY) throw new NotShownError(`${FEW.length + MANY} writes were to be counted, not ${n}`);
  return { few, many };
}

/** Each round of `n` writers has one winner: n + (n - 1) + … + 1. */
const square = (n: number): number => (n * (n + 1)) / 2;

export const triesAtOnce: Scene = {
  title: 'whoever is refused tries again at once, as often as it takes',
  play: async (stage) => {
    const { few, many } = await fewThenMany(stage, atOnce);
    stage.shows(few === square(FEW.length), `${few} attempts for 4 writes: in each round one is written.`);
    stage.shows(
      many === square(MANY),
      `32 writers make ${many} attempts for 32 writes: twice the writers, four times the attempts.`,
    );
  },
};

export const triesWithJitter: Scene = {
  title: `full jitter, ${OPTIMISTIC_MAX} attempts without a lock, then one with it`,
  play: async (stage) => {
    const { few, many } = await fewThenMany(stage, jittered);
    stage.shows(few < square(FEW.length), `${few} attempts for 4 writes: they no longer come back at the same moment.`);
    stage.shows(
      many <= (OPTIMISTIC_MAX + 1) * MANY,
      `32 writers make ${many} attempts for 32 writes, and can make no more than ${(OPTIMISTIC_MAX + 1) * MANY}: a locked row is waited for, once.`,
    );
  },
};
