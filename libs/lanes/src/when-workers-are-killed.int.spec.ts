import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemError } from '@backstep/problems';
import { waitUntil } from '@backstep/testing';
import { EVERYBODY, Lane, lane } from './index.js';
import { move, type Move } from './jars.fixture.spec.js';
import { aMove, COINS, jarsAndLanes, type Instance } from './lanes.fixture.spec.js';
import { Callers, whatIsWrong } from './moves.fixture.spec.js';
import { startWorker, type WorkerProcess } from './worker-process.fixture.spec.js';

/**
 * Goal: each entry is applied or rejected once, in order for each jar, and no coin comes or goes, whenever workers die, and while direct
 * requests change the same jars.
 * Method: two worker processes at a time on a real PostgreSQL, ten of which kill themselves before or after a commit. Callers wait for one entry
 * before they enqueue the next, so that the order is known. What checks the outcome is shown two lanes that are wrong.
 */
const NAMES = ['hot', 'a', 'b', 'c', 'd', 'e', 'f'];
const CALLERS = 8;
const BATCH = 25;

let jars: Awaited<ReturnType<typeof jarsAndLanes>>;
let workers: WorkerProcess[] = [];
beforeAll(async () => {
  jars = await jarsAndLanes();
});
afterAll(() => jars.close());
beforeEach(() => jars.reset(...NAMES));
afterEach(async () => {
  for (const worker of workers) worker.kill();
  await Promise.all(workers.map(({ ended }) => ended));
  workers = [];
  await jars.closeInstances();
});

const anyOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

/** Half of all moves go to one jar. Many ask for more than there is. */
function someMove(): Move {
  const from = anyOf(NAMES);
  const to = Math.random() < 0.5 && from !== 'hot' ? 'hot' : anyOf(NAMES.filter((name) => name !== from));
  return aMove(from, to, 1 + Math.floor(Math.random() * COINS * 0.4));
}

async function stored() {
  return {
    entries: await jars.rows<{ id: string; state: string }>(
      `SELECT split_part(key, '/', 2) AS id, state FROM lane_entry`,
    ),
    moved: await jars.rows<{ move: string; places: Record<string, number> }>('SELECT move, places FROM moved'),
    jars: await jars.rows<{ name: string; coins: number; moves: number }>('SELECT name, coins, moves FROM jar'),
  };
}

const wrong = async (callers: Callers): Promise<string[]> => whatIsWrong(callers, await stored(), COINS * NAMES.length);

const queued = async (): Promise<number> => (await jars.states()).filter((state) => state === 'QUEUED').length;

async function direct({ unitOfWork }: Instance, callers: Callers): Promise<void> {
  const asked = someMove();
  const made = await unitOfWork.request(move, asked).catch((error: unknown) => {
    if (error instanceof ProblemError) return undefined;
    throw error;
  });
  callers.direct.set(asked.id, made !== undefined);
}

describe('a lane whose workers are killed', () => {
  it.each([
    ['without a lock, two workers at work', { kills: 10, each: 376, leaseMs: undefined }],
    ['under a lock, one worker at work', { kills: 4, each: 150, leaseMs: 300 }],
  ])(
    'entries are applied or rejected once and in order, direct requests meanwhile: %s',
    async (_, { kills, each, leaseMs }) => {
      const callers = new Callers();
      const front = jars.instance();
      const [first, second] = [jars.instance(), jars.instance()];
      const times = async (n: number, work: () => Promise<unknown>): Promise<void> => {
        for (let done = 0; done < n; done++) await work();
      };
      // In two halves, so that the last kills meet entries too.
      const half = () =>
        Promise.all([
          ...Array.from({ length: CALLERS }, () => times(each / 2, () => callers.enqueue(front.lane, someMove()))),
          times(each / 6, () => direct(first, callers)),
          times(each / 6, () => direct(second, callers)),
        ]);
      let started = 0;
      const keepAWorker = async (): Promise<void> => {
        while (started < kills) {
          const point = ++started % 2 === 0 ? 'batch.before-commit' : 'batch.after-commit';
          const worker = startWorker(jars.database.url, { batch: BATCH, killAt: `${point} 4`, leaseMs });
          workers.push(worker);
          expect(await worker.ended).toBe('SIGKILL');
        }
      };
      const enqueuing = half().then(half);
      await Promise.all([enqueuing, keepAWorker(), keepAWorker()]);
      workers.push(...[1, 2].map(() => startWorker(jars.database.url, { batch: BATCH, leaseMs })));
      await waitUntil('all entries are settled', async () => (await queued()) === 0, 60_000);
      expect(await wrong(callers)).toEqual([]);
      const states = await jars.states();
      for (const state of ['APPLIED', 'REJECTED'])
        expect(states.filter((one) => one === state).length).toBeGreaterThan(100);
      expect(new Set(callers.direct.values())).toEqual(new Set([true, false]));
    },
    180_000,
  );
});

describe('what checks the outcome', () => {
  it('a queue in memory is found out: what was taken is lost with its process', async () => {
    const callers = new Callers();
    const { unitOfWork, lane: real } = jars.instance();
    const memory: Move[] = [];
    const forgetful = { enqueue: async (input: Move) => ({ id: String(memory.push(input)) }) } as unknown as Lane<Move>;
    for (let n = 0; n < 3; n++) await callers.enqueue(forgetful, aMove('a', 'b'));
    await unitOfWork.request(move, memory.shift() as Move);
    memory.length = 0;
    await real.worker.poll();
    expect(await wrong(callers)).toContain('an entry is lost');
  });

  it('lanes by a hash of the source are found out: moves to one jar are made in another order', async () => {
    const callers = new Callers();
    const { unitOfWork } = jars.instance();
    const parts = { unitOfWork, executor: jars.database.pool, owner: EVERYBODY };
    const [ofA, ofB] = ['moves-of-a', 'moves-of-b'].map((name) => new Lane<Move>(lane(name, move) as never, parts)) as [
      Lane<Move>,
      Lane<Move>,
    ];
    await callers.enqueue(ofA, aMove('a', 'hot'));
    await callers.enqueue(ofB, aMove('b', 'hot'));
    await ofB.worker.poll();
    await ofA.worker.poll();
    expect(await wrong(callers)).toEqual(['moves of hot are made in another order than they were enqueued']);
  });
});
