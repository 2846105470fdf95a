import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '@backstep/problems';
import { waitUntil } from '@backstep/testing';
import { httpAnswer, LaneFullError, type Entry } from './index.js';
import { move } from './jars.fixture.spec.js';
import { aMove, jarsAndLanes } from './lanes.fixture.spec.js';

/**
 * Goal: what is enqueued is stored, applied once by the handler, and readable at any time; what cannot be applied is rejected and says why.
 * Method: instances on a real PostgreSQL whose workers run when the spec says so.
 */
let jars: Awaited<ReturnType<typeof jarsAndLanes>>;
beforeAll(async () => {
  jars = await jarsAndLanes();
});
afterAll(() => jars.close());
beforeEach(() => jars.reset('a', 'b', 'c'));
afterEach(() => jars.closeInstances());

describe('an entry', () => {
  it('an entry is QUEUED when enqueue returns, and APPLIED with the answer of its handler after the worker has run', async () => {
    const { lane } = jars.instance();
    const queued = await lane.enqueue(aMove('a', 'b', 30));
    expect(queued).toMatchObject({ state: 'QUEUED', attempts: 0 });
    expect(await lane.find(queued.id)).toEqual(queued);
    expect(await jars.coins()).toMatchObject({ a: 1_000, b: 1_000 });
    await lane.worker.poll();
    expect(await lane.find(queued.id)).toMatchObject({ state: 'APPLIED', answer: { left: 970 } });
    expect(await jars.coins()).toMatchObject({ a: 970, b: 1_030 });
    await lane.worker.poll();
    expect(await jars.coins()).toMatchObject({ a: 970, b: 1_030 });
  });

  it('an entry that its handler refuses is REJECTED with the problem, and changes nothing else', async () => {
    const { lane } = jars.instance();
    const refused = await lane.enqueue(aMove('a', 'b', 5_000));
    await lane.worker.poll();
    expect(await lane.find(refused.id)).toMatchObject({
      state: 'REJECTED',
      cause: PROBLEMS.conflict.type,
      problem: { type: PROBLEMS.conflict.type, status: 409, detail: 'a has 1000 coins.' },
    });
    expect(await jars.coins()).toEqual({ a: 1_000, b: 1_000, c: 1_000 });
  });

  it('an entry at which its handler fails is REJECTED as a fault, whose text no client sees', async () => {
    const { lane } = jars.instance();
    const failed = await lane.enqueue(aMove('a', 'b', -1));
    await lane.worker.poll();
    const found = await lane.find(failed.id);
    expect(found).toMatchObject({ state: 'REJECTED', cause: 'handler_failed', problem: { status: 500 } });
    expect(JSON.stringify(found)).not.toContain('internal text');
  });

  it('an entry whose changes the database refuses is REJECTED alone; what was applied with it stands', async () => {
    const { lane, failures } = jars.instance();
    // A jar takes 9,999 coins at most.
    await jars.database.pool.query(`UPDATE jar SET coins = 9999 WHERE name = 'c'`);
    const ids: string[] = [];
    for (const to of ['b', 'c', 'b']) ids.push((await lane.enqueue(aMove('a', to))).id);
    await lane.worker.poll();
    const entries = await Promise.all(ids.map((id) => lane.find(id)));
    expect(entries.map((entry) => entry?.state)).toEqual(['APPLIED', 'REJECTED', 'APPLIED']);
    expect(failures).toHaveLength(1);
    expect(await jars.coins()).toEqual({ a: 998, b: 1_002, c: 9_999 });
  });

  it('an entry is the same when its id comes again, at any time and at once; with another input it is refused', async () => {
    const [one, two] = [jars.instance(), jars.instance()];
    const input = aMove('a', 'b', 10);
    const all = await Promise.all([one, two, one, two].map(({ lane }) => lane.enqueue(input, { id: 'mine' })));
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['QUEUED']));
    expect(await jars.states()).toEqual(['QUEUED']);
    await one.lane.worker.poll();
    const { coins, ...others } = input;
    expect(await two.lane.enqueue({ coins, ...others }, { id: 'mine' })).toMatchObject({ state: 'APPLIED' });
    await expect(two.lane.enqueue({ ...input, coins: 11 }, { id: 'mine' })).rejects.toMatchObject({
      problem: PROBLEMS.idempotencyKeyReused,
    });
    expect(await jars.coins()).toMatchObject({ a: 990 });
  });

  it.each([
    ['an input that is too large', { ...aMove('a', 'b'), from: 'x'.repeat(20_000) }, 'mine', PROBLEMS.payloadTooLarge],
    ['an input with U+0000', aMove('a\u0000', 'b'), 'mine', PROBLEMS.validation],
    ['an input with half a surrogate pair', aMove('\ud800', 'b'), 'mine', PROBLEMS.validation],
    ['an empty id', aMove('a', 'b'), '', PROBLEMS.validation],
    ['an id that is too long', aMove('a', 'b'), 'x'.repeat(201), PROBLEMS.validation],
    ['an id with U+0000', aMove('a', 'b'), '\u0000', PROBLEMS.validation],
  ])('%s is refused before anything is stored', async (_, input, id, problem) => {
    const { lane } = jars.instance();
    await expect(lane.enqueue(input, { id })).rejects.toMatchObject({ problem });
    expect(await jars.states()).toEqual([]);
  });

  it('an input is stored whatever its texts hold: an escaped backslash before u0000 is no U+0000', async () => {
    const { lane } = jars.instance();
    const { id } = await lane.enqueue(aMove('\\u0000 \\ud800 🏺', 'b'));
    await lane.worker.poll();
    expect(await lane.find(id)).toMatchObject({ state: 'REJECTED', cause: PROBLEMS.notFound.type });
  });
});

describe('a lane', () => {
  it('a lane refuses entries beyond queueMax as overloaded, and takes them again when there is room', async () => {
    const { lane } = jars.instance({ queueMax: 3, countEveryMs: 1 });
    for (let n = 0; n < 3; n++) await lane.enqueue(aMove('a', 'b'));
    await expect(lane.enqueue(aMove('a', 'b'))).rejects.toThrow(LaneFullError);
    await expect(lane.enqueue(aMove('a', 'b'))).rejects.toMatchObject({ name: 'OverloadedError', retryable: true });
    expect(await lane.waiting()).toMatchObject({ queued: 3 });
    await lane.worker.poll();
    await waitUntil('there is room', () => lane.enqueue(aMove('a', 'b')));
  });

  it('a lane applies what is enqueued here at once, and who waits for it is told; also by another instance', async () => {
    const [here, there] = [jars.instance(), jars.instance()];
    const failed: unknown[] = [];
    here.lane.wakeOnEnqueue((error) => failed.push(error));
    const { id } = await here.lane.enqueue(aMove('a', 'b'));
    const seen = await Promise.all([here, there].map(({ lane }) => lane.settled(id, { waitMs: 20_000 })));
    expect(seen.map((entry) => entry?.state)).toEqual(['APPLIED', 'APPLIED']);
    expect(failed).toEqual([]);
  });

  it('who waits for an entry that nobody applies gets it QUEUED when the time is over', async () => {
    const { lane } = jars.instance();
    const { id } = await lane.enqueue(aMove('a', 'b'));
    expect(await lane.settled(id, { waitMs: 50 })).toMatchObject({ state: 'QUEUED' });
    expect(await lane.settled('nobody', { waitMs: 20_000 })).toBeUndefined();
  });

  it('a direct request skips the queue and is answered at once, also before what is queued on the same rows', async () => {
    const { lane, unitOfWork } = jars.instance();
    const { id } = await lane.enqueue(aMove('a', 'b', 600));
    expect(await unitOfWork.request(move, aMove('a', 'c', 600))).toEqual({ left: 400 });
    await lane.worker.poll();
    expect(await lane.find(id)).toMatchObject({ state: 'REJECTED', problem: { detail: 'a has 400 coins.' } });
  });

  it('a purge deletes settled entries past their retention, in chunks, and no queued one', async () => {
    const { lane } = jars.instance({ purgeChunk: 2, retainDays: 1 });
    for (let n = 0; n < 5; n++) await lane.enqueue(aMove('a', 'b'));
    await lane.worker.poll();
    await lane.enqueue(aMove('a', 'b'), { id: 'fresh' });
    await lane.worker.poll();
    await lane.enqueue(aMove('a', 'b'), { id: 'queued' });
    await jars.database.pool.query(
      `UPDATE lane_entry SET queued_at = now() - interval '2 days',
         settled_at = CASE WHEN state = 'QUEUED' THEN NULL ELSE now() - interval '2 days' END WHERE key <> 'moves/fresh'`,
    );
    await lane.purge();
    const left = await jars.rows<{ key: string }>('SELECT key FROM lane_entry ORDER BY seq');
    expect(left.map(({ key }) => key)).toEqual(['moves/fresh', 'moves/queued']);
  });
});

describe('the answer to a client', () => {
  it('a client gets 202 with Location while the entry is queued, then the answer, or the problem', () => {
    const common = { id: 'x', queuedAt: new Date(0), input: {}, attempts: 0, settledAt: new Date(1) };
    const problem = { type: 't', title: 'No', status: 409 };
    const entries: Entry[] = [
      { ...common, state: 'QUEUED' },
      { ...common, state: 'APPLIED', answer: { left: 1 } },
      { ...common, state: 'REJECTED', problem, cause: 't' },
    ];
    expect(entries.map((entry) => httpAnswer(entry, '/moves/x'))).toMatchObject([
      { status: 202, headers: { location: '/moves/x' }, body: { id: 'x', state: 'QUEUED' } },
      { status: 200, body: { left: 1 } },
      { status: 409, headers: { 'content-type': 'application/problem+json' }, body: problem },
    ]);
  });
});
