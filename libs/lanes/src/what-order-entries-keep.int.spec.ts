import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { armPausePoints } from '@backstep/resilience';
import { NamedLocks } from '@backstep/locks';
import { waitUntil } from '@backstep/testing';
import { ownerBy } from './index.js';
import { aMove, jarsAndLanes, type Instance } from './lanes.fixture.spec.js';

/**
 * Goal: entries that share a row are applied in the order in which they were enqueued, whatever keeps one of them from being applied; the others
 * go on; and nothing keeps an entry for ever.
 * Method: jars on a real PostgreSQL. A rival transaction holds one of them; pause points stop a worker between two steps.
 */
let jars: Awaited<ReturnType<typeof jarsAndLanes>>;
beforeAll(async () => {
  jars = await jarsAndLanes();
});
afterAll(() => jars.close());
beforeEach(() => jars.reset('a', 'b', 'c', 'd', 'e', 'f'));
afterEach(async () => {
  armPausePoints(undefined);
  await rival?.release();
  await jars.closeInstances();
});

let rival: { commit(): Promise<void>; release(): Promise<void> } | undefined;

/** A transaction of somebody else, in which `statement` has run. */
async function beginRival(statement: string, values: unknown[] = []) {
  const client = await jars.database.pool.connect();
  await client.query('BEGIN');
  await client.query(statement, values);
  const end = async (how: string): Promise<void> => {
    if (rival !== made) return;
    rival = undefined;
    await client.query(how);
    client.release();
  };
  const made = { commit: () => end('COMMIT'), release: () => end('ROLLBACK') };
  return (rival = made);
}

const holdJar = (name: string) => beginRival('SELECT FROM jar WHERE name = $1 FOR UPDATE', [name]);

/** The jars of the moves that were made, in order. @param jar whose order */
async function madeOf(jar: string): Promise<string[]> {
  const made = await jars.rows<{ places: Record<string, number> }>(
    'SELECT places FROM moved WHERE places ? $1 ORDER BY (places ->> $1)::int',
    [jar],
  );
  return made.map(({ places }) => Object.keys(places).sort().join(''));
}

async function enqueued({ lane }: Instance, ...moves: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [from = '', to = ''] of moves) ids.push((await lane.enqueue(aMove(from, to))).id);
  return ids;
}

const statesAre = (...states: readonly string[]) =>
  waitUntil(`the states are ${states.join(', ')}`, async () => (await jars.states()).join() === states.join());

/** Polls like an instance, until all entries are settled. */
const settleAll = ({ lane }: Instance) =>
  waitUntil('all entries are settled', async () => {
    await lane.worker.poll();
    return !(await jars.states()).includes('QUEUED');
  });

/** Pauses who reaches this pause point first. */
function pauseAt(point: string): { readonly paused: Promise<void>; wakeUp(): void } {
  let wake = (): void => undefined;
  const paused = new Promise<void>((reached) => {
    armPausePoints((name) => {
      if (name !== point) return Promise.resolve();
      armPausePoints(undefined);
      reached();
      return new Promise<void>((resolve) => (wake = resolve));
    });
  });
  return { paused, wakeUp: () => wake() };
}

describe('the order of entries', () => {
  it('an entry whose row somebody holds is waited for by what shares a row with it, and by nothing else', async () => {
    const instance = jars.instance({ turnMs: 20 });
    const held = await holdJar('a');
    await enqueued(instance, 'ab', 'bc', 'cd', 'ef');
    const polling = settleAll(instance);
    await statesAre('QUEUED', 'QUEUED', 'QUEUED', 'APPLIED');
    // What comes later is no exception.
    await enqueued(instance, 'fe', 'cf');
    await statesAre('QUEUED', 'QUEUED', 'QUEUED', 'APPLIED', 'APPLIED', 'QUEUED');
    await held.commit();
    await polling;
    expect([await madeOf('b'), await madeOf('c')]).toEqual([
      ['ab', 'bc'],
      ['bc', 'cd', 'cf'],
    ]);
  });

  it('an entry whose rows are held too often is REJECTED as contended, and what is behind it goes on', async () => {
    const instance = jars.instance({
      attemptsMax: 2,
      restBackoff: { baseMs: 1, capMs: 1 },
      unitOfWork: { requestBlockedMs: 50 },
    });
    const held = await holdJar('a');
    const [id = ''] = await enqueued(instance, 'ab', 'bc');
    await settleAll(instance);
    const contended = await instance.lane.find(id);
    await held.commit();
    expect(contended).toMatchObject({ state: 'REJECTED', attempts: 2, problem: { status: 503 } });
    expect(await jars.states()).toEqual(['REJECTED', 'APPLIED']);
  });

  it('an entry that fails because of the database stays QUEUED until the database is well, and keeps its place', async () => {
    const instance = jars.instance({ attemptsMax: 1, restBackoff: { baseMs: 1, capMs: 1 } });
    await enqueued(instance, 'ab', 'bc');
    await jars.database.pool.query('ALTER TABLE moved RENAME TO moved_away');
    for (let n = 0; n < 5; n++) await instance.lane.worker.poll();
    await jars.database.pool.query('ALTER TABLE moved_away RENAME TO moved');
    expect(await jars.states()).toEqual(['QUEUED', 'QUEUED']);
    await settleAll(instance);
    expect(await madeOf('b')).toEqual(['ab', 'bc']);
  });

  it('an entry does not overtake one that was given back in another half of their batch', async () => {
    const instance = jars.instance();
    // A jar takes 9,999 coins at most: the batch is halved until that move is alone.
    await jars.database.pool.query(`UPDATE jar SET coins = 9999 WHERE name = 'f'`);
    await enqueued(instance, 'ef', 'ab', 'bc', 'cd');
    let halvings = 0;
    armPausePoints(async (name) => {
      if (name !== 'batch.halving') return;
      if (++halvings === 1) await holdJar('a');
      else await rival?.commit();
    });
    await settleAll(instance);
    expect(halvings).toBeGreaterThanOrEqual(2);
    expect(await jars.states()).toEqual(['REJECTED', 'APPLIED', 'APPLIED', 'APPLIED']);
    expect([await madeOf('b'), await madeOf('c')]).toEqual([
      ['ab', 'bc'],
      ['bc', 'cd'],
    ]);
  });

  it('an entry that becomes visible after one with a higher number was applied is applied then', async () => {
    const instance = jars.instance();
    const { id, ...others } = aMove('a', 'b');
    const late = await beginRival(
      `INSERT INTO lane_entry (key, lane, state, input, attempts, queued_at, version) VALUES ('moves/late', 'moves', 'QUEUED', $1, 0, now(), 1)`,
      [JSON.stringify({ id, ...others })],
    );
    await enqueued(instance, 'bc');
    await instance.lane.worker.poll();
    await late.commit();
    expect(await jars.states()).toEqual(['QUEUED', 'APPLIED']);
    await instance.lane.worker.poll();
    expect(await madeOf('b')).toEqual(['bc', 'ab']);
  });
});

describe('a worker that was paused', () => {
  it.each(['lane.before-apply', 'batch.before-commit'])(
    'a worker that wakes up at %s after another has settled its entries changes nothing',
    async (point) => {
      const [one, two] = [jars.instance(), jars.instance()];
      await enqueued(one, 'ab', 'bc', 'ca');
      const { paused, wakeUp } = pauseAt(point);
      const polling = one.lane.worker.poll();
      await paused;
      await settleAll(two);
      const before = await jars.rows('SELECT * FROM jar ORDER BY name');
      wakeUp();
      await polling;
      expect(await jars.rows('SELECT * FROM jar ORDER BY name')).toEqual(before);
      expect(await jars.states()).toEqual(['APPLIED', 'APPLIED', 'APPLIED']);
      expect([one.failures, two.failures]).toEqual([[], []]);
    },
  );

  it('a worker that wakes up after its lock is lost writes nothing, though its entries are queued still', async () => {
    const locks = new NamedLocks({ executor: jars.database.pool });
    const instance = jars.instance({ owner: ownerBy(locks, 150) });
    await enqueued(instance, 'ab');
    const { paused, wakeUp } = pauseAt('batch.before-commit');
    const polling = instance.lane.worker.poll();
    await paused;
    const gone = `UPDATE named_lock SET until = statement_timestamp() WHERE name = 'lane/moves'`;
    const others = await waitUntil('the lock is taken', async () => {
      await jars.database.pool.query(gone);
      return locks.acquire(['lane/moves'], { leaseMs: 60_000 });
    });
    wakeUp();
    await polling;
    expect(await jars.states()).toEqual(['QUEUED']);
    expect(await jars.coins()).toMatchObject({ a: 1_000 });
    expect(instance.failures).toEqual([]);
    await others.release();
    await settleAll(instance);
    expect(await jars.states()).toEqual(['APPLIED']);
  });
});
