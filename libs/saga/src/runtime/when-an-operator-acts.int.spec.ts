import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OptimisticLockError } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import { IllegalOperatorActionError, minutes, retriable, saga, seconds } from '../index.js';
import { OperationKeyReusedError, SagaNotFoundError, type OperateRequest } from './index.js';
import { aWish, baked, NOON, orchestrators, served } from './orchestrator.fixture.spec.js';
import { bakeAndServe, CakeServed, CakeWished, ServeCake } from '../testing/bakery.fixture.spec.js';

/**
 * Goal: an operator's action is written once, with its journal entry and its commands, in one commit, on the version that the operator saw.
 * A dry run shows the very messages and writes nothing. Method: real PostgreSQL; a saga that is not answered until it is STUCK.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

type Instance = ReturnType<typeof system.instance>;

/** `bakeAndServe` with two attempts for each command. */
const brief = saga('bake-and-serve').startsOn(CakeWished, {
  version: 1,
  deadline: minutes(10),
  steps: [bakeAndServe(1).steps[0]!, retriable('serve', { send: ServeCake, done: CakeServed, retry: { attempts: 2 } })],
});
const orchestrator = (): Instance => system.instance([brief]);

async function stuck(instance: Instance) {
  const wish = aWish();
  await instance.hear(wish);
  await instance.told();
  await instance.hear(baked(last()));
  for (let silence = 0; silence < 2; silence += 1) {
    system.clock.now += seconds(200);
    await instance.timers.fireDue();
  }
  await instance.told();
  const sagaId = system.sagaOf(wish);
  const found = await instance.store.load(sagaId);
  expect(found?.instance).toMatchObject({ status: 'STUCK', awaiting: { step: 'serve', attempts: 2 } });
  return { sagaId, version: found?.version ?? 0 };
}

const last = () => {
  const command = system.sent.at(-1);
  if (!command) throw new Error('nothing was sent');
  return command;
};

const request = (sagaId: string, expectedVersion: number, changes: Partial<OperateRequest> = {}): OperateRequest => ({
  ...{ sagaId, expectedVersion, action: 'retry', by: 'ada', reason: 'the counter is back', dryRun: false },
  ...changes,
});

const ask = (instance: Instance, wanted: OperateRequest) => instance.unitOfWork.request(instance.operators, wanted);

const rows = async () => {
  const tables = ['saga_instance', 'outbox'].map(async (table) => {
    const { rows: all } = await system.database.pool.query(`SELECT * FROM ${table} ORDER BY 1`);
    return all as unknown[];
  });
  return Promise.all(tables);
};

it('a dry run shows the very messages that the action then sends, and writes nothing', async () => {
  const one = orchestrator();
  const { sagaId, version } = await stuck(one);
  // The rows of sent messages are deleted a little later.
  await waitUntil('the outbox to be empty', async () => (await rows())[1]?.length === 0);
  const before = await rows();
  const preview = await ask(one, request(sagaId, version, { dryRun: true }));
  await one.told();
  expect(await rows()).toEqual(before);
  expect(preview.after.instance.status).toBe('RUNNING');

  const sent = system.sent.length;
  const done = await ask(one, request(sagaId, version));
  await one.told();
  expect(done.commands).toEqual(preview.commands);
  const [command] = system.sent.slice(sent);
  expect(system.sent).toHaveLength(sent + 1);
  expect(preview.commands).toEqual([
    {
      id: command?.headers['ce_id'],
      type: command?.headers['ce_type'],
      topic: command?.topic,
      key: command?.key,
      commandId: command?.headers['ce_commandid'],
      data: JSON.parse(command?.value ?? ''),
    },
  ]);
});

it('a retried saga has a timer and a journal entry, and ends with the answer', async () => {
  const one = orchestrator();
  const { sagaId, version } = await stuck(one);
  await ask(one, request(sagaId, version));
  await one.told();
  const found = await one.store.load(sagaId);
  expect(found).toMatchObject({
    version: version + 1,
    instance: {
      status: 'RUNNING',
      awaiting: { attempts: 3, forgiven: 2 },
      operations: [{ action: 'retry', by: 'ada', reason: 'the counter is back', at: system.clock.now }],
    },
  });
  const [due] = await one.store.dueSagas(NOON + minutes(60), 10);
  expect(due?.sagaId).toBe(sagaId);
  expect(due?.timerAt).toBeGreaterThan(system.clock.now);
  await one.hear(served(last()));
  expect(await one.store.load(sagaId)).toMatchObject({
    instance: { status: 'COMPLETED', operations: [{ by: 'ada' }] },
  });
});

it('twenty operators that act at once on one version act once', async () => {
  const both = [orchestrator(), orchestrator()];
  const { sagaId, version } = await stuck(both[0]!);
  const sent = system.sent.length;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => ask(both[at % 2]!, request(sagaId, version, { by: `operator ${at}` }))),
  );
  await Promise.all(both.map(({ told }) => told()));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(OptimisticLockError);
  expect(system.sent).toHaveLength(sent + 1);
  expect((await both[0]!.store.load(sagaId))?.instance.operations).toHaveLength(1);
});

it('an operator action with an idempotency key is done once, however often it is repeated', async () => {
  const one = orchestrator();
  const { sagaId, version } = await stuck(one);
  const keyed = request(sagaId, version, { key: 'incident-42' });
  expect((await ask(one, keyed)).replayed).toBe(false);
  const sent = system.sent.length;
  expect(await ask(one, keyed)).toMatchObject({ replayed: true, commands: [] });
  await expect(ask(one, { ...keyed, action: 'skip' })).rejects.toThrow(OperationKeyReusedError);
  await one.told();
  expect((await one.store.load(sagaId))?.instance.operations).toHaveLength(1);
  expect(system.sent.length - sent).toBeLessThanOrEqual(1);
});

it('an answer that races with an operator action counts, whichever is first', async () => {
  const both = [orchestrator(), orchestrator()] as const;
  for (let race = 0; race < 5; race += 1) {
    const { sagaId, version } = await stuck(both[0]);
    const [asked] = await Promise.allSettled([ask(both[1], request(sagaId, version)), both[0].hear(served(last()))]);
    const ended = (await both[0].store.load(sagaId))?.instance;
    expect(ended?.status).toBe('COMPLETED');
    expect(ended?.operations?.length ?? 0).toBe(asked.status === 'fulfilled' ? 1 : 0);
    await both[1].told();
  }
}, 60_000);

describe('a refused action', () => {
  it('an illegal action, an unknown saga and an old version are refused, and nothing is written', async () => {
    const one = orchestrator();
    const { sagaId, version } = await stuck(one);
    const before = await rows();
    await expect(ask(one, request(sagaId, version, { action: 'compensate' }))).rejects.toMatchObject({
      name: IllegalOperatorActionError.name,
      status: 'STUCK',
      legal: ['retry', 'skip'],
    });
    await expect(ask(one, request(newId(), 1))).rejects.toThrow(SagaNotFoundError);
    await expect(ask(one, request(sagaId, version - 1))).rejects.toMatchObject({ actualVersion: version });
    await one.told();
    expect(await rows()).toEqual(before);
  });
});

it('a saga whose definition is gone is abandoned, keeps no timer, and is never purged', async () => {
  const older = system.instance([bakeAndServe(7)]);
  const wish = aWish();
  await older.hear(wish);
  const one = orchestrator();
  const sagaId = system.sagaOf(wish);
  await expect(ask(one, request(sagaId, 1))).rejects.toMatchObject({ legal: ['abandon'] });
  await ask(one, request(sagaId, 1, { action: 'abandon', reason: 'rolled back for good' }));
  expect(await one.store.dueSagas(NOON + minutes(60), 10)).toEqual([]);
  expect(await one.store.purgeEnded(NOON + seconds(1e9), 100)).toBe(0);
  expect(await one.store.load(sagaId)).toMatchObject({
    instance: { status: 'ABANDONED', operations: [{ action: 'abandon', reason: 'rolled back for good' }] },
  });
});
