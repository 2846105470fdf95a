import { OptimisticLockError } from '@backstep/concurrency';
import {
  ConfirmOrder,
  OrderConfirmed,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { message, newId } from '@backstep/messages';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { decide } from '../decide/decide.js';
import type { SagaInput } from '../decide/decision.js';
import { hasEnded, type SagaInstance } from '../decide/instance.js';
import { UnsoundSagaError } from '../decide/invariants.js';
import { minutes, seconds } from '../definition/durations.js';
import { saga } from '../definition/saga.js';
import { compensatable, retriable } from '../definition/steps.js';
import { InvalidCursorError } from '../store/page-cursor.js';
import { PAGE_MAX, TIMER_RETRY, type SagaStore } from '../store/saga-store.js';
import { sampleOf } from './sample.js';

const tried = saga('tried').startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('reserve', {
      send: ReserveStock,
      done: StockReserved,
      undo: ReleaseStock,
      undone: StockReleased,
      timeout: seconds(10),
    }),
    retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed }),
  ],
});

const NOON = Date.UTC(2030, 0, 1, 12);
const RACERS = 20;

function move(instance: SagaInstance | undefined, input: SagaInput, now = NOON): SagaInstance {
  const decision = decide(tried, instance, input, { now, newId, random: () => 0 });
  if (decision.ignored) throw new Error(`ignored: ${decision.ignored}`);
  return decision.instance;
}

function started(startedAt = NOON, orderId = newId()): SagaInstance {
  const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const items = [{ sku: 'MUG', quantity: 1, unitPrice: 100 }];
  const data = sampleOf(OrderPlaced, { orderId, currency: 'EUR', shippingAddress, items });
  return move(undefined, { kind: 'start', message: message(OrderPlaced, data, { source: 'test' }) }, startedAt);
}

/** The awaited step says yes. */
function answered(instance: SagaInstance, now = NOON): SagaInstance {
  if (hasEnded(instance)) throw new Error('it has ended');
  const { step, commandId } = instance.awaiting;
  const data = { orderId: instance.subject };
  const event =
    step === 'reserve'
      ? message(StockReserved, { ...data, items: [] }, { source: 'test', commandId })
      : message(OrderConfirmed, data, { source: 'test', commandId });
  return move(instance, { kind: 'event', message: event }, now);
}

const completed = (startedAt = NOON): SagaInstance => answered(answered(started(startedAt)));

const lost = async (write: Promise<unknown>): Promise<OptimisticLockError> => {
  const outcome = await write.then(
    () => 'it was written',
    (error: unknown) => error,
  );
  if (outcome instanceof OptimisticLockError) return outcome;
  throw new Error(`expected an OptimisticLockError, got: ${String(outcome)}`);
};

const wins = async (writes: readonly Promise<unknown>[]): Promise<number> => {
  const outcomes = await Promise.allSettled(writes);
  const losses = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
  for (const loss of losses) expect(loss).toBeInstanceOf(OptimisticLockError);
  return outcomes.length - losses.length;
};

/**
 * What every {@link SagaStore} must do; registers Jest specs. It is not part of `@backstep/saga/testing`, so that scripts
 * do not need Jest.
 * @param makeStore gives an empty store, before each spec
 */
export function sagaStoreContract(name: string, makeStore: () => SagaStore | Promise<SagaStore>): void {
  let store: SagaStore;
  beforeEach(async () => {
    store = await makeStore();
  });

  describe(`${name}: instances`, () => {
    it('come back as they went in', async () => {
      const instance = answered(started());
      expect(await store.insert(instance)).toBe(1);
      expect(await store.load(instance.id)).toStrictEqual({ instance, version: 1 });
    });

    it('are unknown until they are inserted', async () => {
      expect(await store.load(newId())).toBeUndefined();
    });

    it('count their versions', async () => {
      const instance = started();
      await store.insert(instance);
      expect(await store.update(answered(instance), 1)).toBe(2);
      expect(await store.update(answered(answered(instance)), 2)).toBe(3);
      expect(await store.load(instance.id)).toMatchObject({ version: 3, instance: { status: 'COMPLETED' } });
    });

    it('are begun once', async () => {
      const instance = started();
      await store.insert(instance);
      expect(await lost(store.insert(answered(instance)))).toMatchObject({ key: instance.id, expectedVersion: 0 });
      expect(await store.load(instance.id)).toStrictEqual({ instance, version: 1 });
    });

    it('are not written over: the loser is told both versions, and nothing of its write happens', async () => {
      const instance = started();
      await store.insert(instance);
      const newer = answered(instance);
      await store.update(newer, 1);
      const error = await lost(store.update(answered(instance, NOON + 1), 1));
      expect(error).toMatchObject({ key: instance.id, expectedVersion: 1, actualVersion: 2 });
      expect(await store.load(instance.id)).toStrictEqual({ instance: newer, version: 2 });
    });

    it('are not updated before they are inserted', async () => {
      const error = await lost(store.update(started(), 1));
      expect(error).toMatchObject({ expectedVersion: 1, actualVersion: undefined });
    });

    it('that cannot be are not written', async () => {
      const instance = started();
      await expect(store.insert({ ...instance, steps: [] })).rejects.toThrow(UnsoundSagaError);
      expect(await store.load(instance.id)).toBeUndefined();
    });

    it('have one winner in a race of twenty', async () => {
      const instance = started();
      expect(await wins(Array.from({ length: RACERS }, () => store.insert(instance)))).toBe(1);
      expect(await wins(Array.from({ length: RACERS }, () => store.update(answered(instance), 1)))).toBe(1);
      expect(await store.load(instance.id)).toMatchObject({ version: 2 });
    });
  });

  describe(`${name}: alarms`, () => {
    it('ring from their instant on, the longest overdue first, and until they are set anew', async () => {
      const [late, early] = [started(NOON + 5), started(NOON)];
      await store.insert(late);
      await store.insert(early);
      expect(await store.dueSagas(NOON + seconds(10) - 1, 10)).toEqual([]);
      const due = [
        { sagaId: early.id, wakeAt: NOON + seconds(10) },
        { sagaId: late.id, wakeAt: NOON + seconds(10) + 5 },
      ];
      expect(await store.dueSagas(NOON + seconds(10), 10)).toEqual(due.slice(0, 1));
      expect(await store.dueSagas(NOON + minutes(1), 10)).toEqual(due);
      expect(await store.dueSagas(NOON + minutes(1), 1)).toEqual(due.slice(0, 1));
    });

    it('ring early rather than late: moving on leaves them, unless something is due before, or they are over', async () => {
      const instance = started();
      const sagaId = instance.id;
      await store.insert(instance);
      await store.update(answered(instance, NOON + seconds(5)), 1);
      expect(await store.dueSagas(NOON + seconds(10), 10)).toEqual([{ sagaId, wakeAt: NOON + seconds(10) }]);
      await store.update(answered(instance, NOON + seconds(10)), 2);
      expect(await store.dueSagas(NOON + minutes(1), 10)).toEqual([{ sagaId, wakeAt: NOON + seconds(20) }]);
      const sooner = { ...answered(instance, NOON + seconds(11)), deadlineAt: NOON + seconds(12) };
      await store.update(sooner, 3);
      expect(await store.dueSagas(NOON + minutes(1), 10)).toEqual([{ sagaId, wakeAt: NOON + seconds(12) }]);
    });

    it('that were put off come back later, each time twice as late, and let others pass meanwhile', async () => {
      const [failing, behind] = [started(NOON), started(NOON + 5)];
      await store.insert(failing);
      await store.insert(behind);
      let now = NOON + seconds(30);
      const pauses: number[] = [];
      const ringing = async (at: number) => (await store.dueSagas(at, 10)).find(({ sagaId }) => sagaId === failing.id);
      for (let failures = 0; failures < 8; failures += 1) {
        const due = await ringing(now);
        if (!due) throw new Error('it does not ring');
        await store.defer([due], now);
        const pause = Math.min(TIMER_RETRY.maxMs, TIMER_RETRY.baseMs * 2 ** failures);
        expect(await ringing(now + pause - 1)).toBeUndefined();
        expect(await ringing(now + pause)).toEqual({ sagaId: failing.id, wakeAt: now + pause });
        pauses.push(pause);
        now += pause;
      }
      expect([pauses[0], pauses[1], pauses.at(-1)]).toEqual([5_000, 10_000, TIMER_RETRY.maxMs]);
      expect(await store.dueSagas(now, 1)).toMatchObject([{ sagaId: behind.id }]);
    });

    it('that were put off begin anew when the saga moves, and who has not seen that puts nothing off', async () => {
      const instance = started();
      const sagaId = instance.id;
      await store.insert(instance);
      const due = await store.dueSagas(NOON + seconds(10), 1);
      expect(due).toHaveLength(1);
      await store.defer(due, NOON + seconds(10));
      await store.update(answered(instance, NOON + seconds(11)), 2);
      await store.defer(due, NOON + seconds(20));
      expect(await store.dueSagas(NOON + seconds(21), 10)).toEqual([{ sagaId, wakeAt: NOON + seconds(21) }]);
    });

    it('are gone when the saga has ended', async () => {
      const instance = started();
      await store.insert(instance);
      await store.update(answered(answered(instance)), 1);
      expect(await store.dueSagas(NOON + minutes(60), 10)).toEqual([]);
    });
  });

  describe(`${name}: lists`, () => {
    it('are newest first, in pages that what happens meanwhile does not shift', async () => {
      const sagas = [0, 1, 2, 2, 3].map((minute) => started(NOON + minutes(minute)));
      for (const instance of sagas) await store.insert(instance);
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        ids.push(...page.sagas.map(({ instance }) => instance.id));
        await store.insert(started(NOON + minutes(10)));
        cursor = page.next;
      } while (cursor !== undefined && ids.length < 10);
      const [oldest, older, one, other, newest] = sagas.map(({ id }) => id);
      expect(ids).toHaveLength(5);
      expect([ids[0], ids[3], ids[4]]).toEqual([newest, older, oldest]);
      expect(new Set(ids.slice(1, 3))).toEqual(new Set([one, other]));
    });

    it('are narrowed by status, name and subject, and carry versions', async () => {
      const [running, ended] = [started(), completed()];
      await store.insert(running);
      await store.insert(ended);
      expect((await store.list({ status: 'COMPLETED' })).sagas).toStrictEqual([{ instance: ended, version: 1 }]);
      expect((await store.list({ subject: running.subject })).sagas).toStrictEqual([{ instance: running, version: 1 }]);
      expect((await store.list({ name: 'tried', status: 'RUNNING' })).sagas).toHaveLength(1);
      expect((await store.list({ name: 'another' })).sagas).toEqual([]);
    });

    it('end without a cursor when the last page is full', async () => {
      await store.insert(started());
      expect(await store.list({ limit: 1 })).not.toHaveProperty('next');
    });

    it('refuse a cursor that is not theirs and a page out of bounds', async () => {
      for (const cursor of [
        'bm90IG91cnM',
        '',
        `sagas.1.${'-'.repeat(36)}`,
        `sagas.9999999999999999.${newId()}`,
        `orders.${newId()}`,
        `sagas.1.${newId()}\n`,
      ]) {
        await expect(store.list({ cursor })).rejects.toThrow(InvalidCursorError);
      }
      await expect(store.list({ limit: 0 })).rejects.toThrow(RangeError);
      await expect(store.list({ limit: PAGE_MAX + 1 })).rejects.toThrow(RangeError);
    });
  });
}
