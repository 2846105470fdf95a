import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  FencedError,
  putFenced,
  releaseLease,
  renewLease,
  takeLease,
  type Fenced,
  type HeldLease,
  type LeaseRow,
  type SeenLease,
} from '../lease.js';
import { VersionConflictError, type Json, type OutboxStore, type VersionedStore } from '../versioned-store.js';

const RACERS = 20;
/** A store that looks first and writes then loses a race nearly always; not each one. */
const RACES = 5;
const WRITERS = 8;
const INCREMENTS_EACH = 25;
/** Before a writer that met a conflict tries again: full jitter. Without it, 200 increments are a thousand tries. */
const BACKOFF_BASE_MS = 8;
const BACKOFF_CAP_MS = 256;
/** No put waits on others without end: one of those that expect the same has written. */
const TRIES_MAX = 1_000;
const LEASE_MS = 30_000;

/** What a check works with. */
export interface Stores {
  /** Two clients of the same rows: races go over both. */
  readonly stores: readonly [VersionedStore, VersionedStore];
  /** As long as the store has it. Two runs over the same rows do not meet. */
  readonly key: string;
}

/** One thing that every store must do. */
export interface StoreCheck {
  readonly name: string;
  /** Only for a store that has it. */
  readonly needs?: 'outbox';
  /** @throws AssertionError, or what the store throws, when the store does not keep the contract */
  readonly run: (given: Stores) => Promise<void>;
}

export const hasOutbox = (store: VersionedStore): store is OutboxStore => 'putWithRecord' in store;

/** What every store must do, each check by itself: a runner of specs lists them, and a spec of this suite runs them against broken stores. */
export const STORE_CHECKS: readonly StoreCheck[] = [
  {
    name: 'a row that nobody wrote is absent',
    run: async ({ stores: [store], key }) => assert.equal(await store.get(key), undefined),
  },
  {
    name: 'a row is created once, at version 1',
    run: async ({ stores: [store, other], key }) => {
      assert.equal(await store.put(key, { loaves: 1 }, undefined), 1);
      await refused(other.put(key, { loaves: 2 }, undefined));
      assert.deepEqual(await other.get(key), { value: { loaves: 1 }, version: 1 });
    },
  },
  {
    name: 'a value comes back as it was put',
    run: async ({ stores: [store, other], key }) => {
      const value = {
        text: 'Brötchen 🥐 "\\ \n',
        none: null,
        list: [1, 2.5, -0.1, [], {}],
        yes: true,
        $dollar: { 'a.b': '' },
      };
      await store.put(key, value, undefined);
      assert.deepEqual((await other.get(key))?.value, value);
      await other.put(key, {}, 1);
      assert.deepEqual((await store.get(key))?.value, {});
    },
  },
  {
    name: 'a put that expects a row is refused where there is none',
    run: async ({ stores: [store], key }) => {
      await refused(store.put(key, 1, 1));
      assert.equal(await store.get(key), undefined);
    },
  },
  {
    name: 'a stale put is refused, and leaves the row as it is',
    run: async ({ stores: [store, other], key }) => {
      await store.put(key, 'first', undefined);
      assert.equal(await store.put(key, 'second', 1), 2);
      await refused(other.put(key, 'stale', 1));
      await refused(other.put(key, 'from the future', 3));
      assert.deepEqual(await other.get(key), { value: 'second', version: 2 });
    },
  },
  {
    name: 'the same value put again counts the version',
    run: async ({ stores: [store, other], key }) => {
      await store.put(key, 'same', undefined);
      assert.equal(await store.put(key, 'same', 1), 2);
      await refused(other.put(key, 'same', 1));
    },
  },
  {
    // The example of the DynamoDB documentation: two clients lower one number, and the second lowers what it has not seen.
    name: 'a number that was lowered in between is not lowered again unseen',
    run: async ({ stores: [store, other], key }) => {
      await store.put(key, { grams: 650 }, undefined);
      const [a, b] = [await store.get(key), await other.get(key)];
      assert.equal(await store.put(key, { grams: 575 }, a?.version), 2);
      await refused(other.put(key, { grams: 500 }, b?.version));
      assert.equal(await other.put(key, { grams: 500 }, 2), 3);
      await refused(store.put(key, { grams: 450 }, 2));
      assert.deepEqual(await store.get(key), { value: { grams: 500 }, version: 3 });
    },
  },
  {
    name: `of ${RACERS} that create a row at once, one does`,
    run: async ({ stores, key }) => {
      for (let race = 0; race < RACES; race++) await oneWinner(stores, `${key}-${race}`, undefined);
    },
  },
  {
    name: `of ${RACERS} that write one version at once, one does`,
    run: async ({ stores, key }) => {
      await stores[0].put(key, 'before', undefined);
      for (let race = 1; race <= RACES; race++) await oneWinner(stores, key, race);
    },
  },
  {
    name: `${WRITERS} writers that add ${INCREMENTS_EACH} times each lose nothing`,
    run: async ({ stores, key }) => {
      await stores[0].put(key, 0, undefined);
      await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          for (let i = 0; i < INCREMENTS_EACH; i++) await increment(stores[writer % 2] as VersionedStore, key);
        }),
      );
      const total = WRITERS * INCREMENTS_EACH;
      assert.deepEqual(await stores[1].get(key), { value: total, version: total + 1 });
    },
  },
  { name: 'a lock has one holder, and is taken over only when its lease was not renewed', run: lockWithLease },
  { name: 'a holder whose lease is over writes nothing after the next one has written', run: fencedHolder },
  {
    name: 'a row and its record are written together',
    needs: 'outbox',
    run: async ({ stores: [store], key }) => {
      assert(hasOutbox(store));
      const [created, changed] = [record('created'), record('changed')];
      assert.equal(await store.putWithRecord(key, 'first', undefined, created), 1);
      assert.equal(await store.putWithRecord(key, 'second', 1, changed), 2);
      assert.deepEqual(await store.recordsOf(key), [created, changed]);
      assert.deepEqual(await store.get(key), { value: 'second', version: 2 });
    },
  },
  {
    name: 'a put that is refused leaves no record',
    needs: 'outbox',
    run: async ({ stores: [store, other], key }) => {
      assert(hasOutbox(store) && hasOutbox(other));
      await refused(store.putWithRecord(key, 'no such row', 1, record('too early')));
      assert.deepEqual(await store.recordsOf(key), []);
      const first = record('first');
      await store.putWithRecord(key, 'first', undefined, first);
      await refused(other.putWithRecord(key, 'again', undefined, record('again')));
      await refused(other.putWithRecord(key, 'stale', 2, record('stale')));
      assert.deepEqual(await other.recordsOf(key), [first]);
      assert.deepEqual(await other.get(key), { value: 'first', version: 1 });
    },
  },
  {
    name: `of ${RACERS} that write a row with a record at once, one does, and its record alone is there`,
    needs: 'outbox',
    run: async ({ stores, key }) => {
      const [store] = stores;
      assert(hasOutbox(store));
      await store.put(key, 'before', undefined);
      const racers = Array.from({ length: RACERS }, (_, racer) => ({ racer, of: stores[racer % 2] as OutboxStore }));
      const won = await winners(racers.map(({ racer, of }) => of.putWithRecord(key, racer, 1, record(String(racer)))));
      assert.equal(won.length, 1);
      const { value } = (await store.get(key)) ?? {};
      assert.equal(value, won[0]);
      assert.deepEqual(
        (await store.recordsOf(key)).map(({ payload }) => payload),
        [String(value)],
      );
    },
  },
];

/** A key of its own for each run of a check. */
export const freshKey = (): string => `check-${randomUUID()}`;

const record = (payload: string) => ({ id: randomUUID(), payload });

const refused = (put: Promise<number>): Promise<void> => assert.rejects(put, VersionConflictError);

/** @returns which of the racers wrote @throws what is no conflict */
async function winners(puts: readonly Promise<number>[]): Promise<number[]> {
  const settled = await Promise.allSettled(puts);
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const other = errors.find((error) => !(error instanceof VersionConflictError));
  if (other !== undefined) throw other;
  return settled.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []));
}

async function oneWinner(stores: Stores['stores'], key: string, expected: number | undefined): Promise<void> {
  const racers = Array.from({ length: RACERS }, (_, racer) => racer);
  const won = await winners(racers.map((racer) => (stores[racer % 2] as VersionedStore).put(key, racer, expected)));
  assert.equal(won.length, 1, `${won.length} of ${RACERS} believe that they have written`);
  assert.deepEqual(await stores[0].get(key), { value: won[0], version: (expected ?? 0) + 1 });
}

async function increment(store: VersionedStore, key: string): Promise<void> {
  for (let tried = 0; tried < TRIES_MAX; tried++) {
    const row = await store.get(key);
    try {
      await store.put(key, Number(row?.value) + 1, row?.version);
      return;
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
      await delay(Math.random() * Math.min(BACKOFF_BASE_MS * 2 ** tried, BACKOFF_CAP_MS));
    }
  }
  assert.fail(`no put of ${TRIES_MAX} succeeded`);
}

const asLeases = (store: VersionedStore<Json>) => store as VersionedStore<LeaseRow>;
const wanted = (holder: string) => ({ holder, leaseMs: LEASE_MS });
/** A clock that stands: the lease is over when the check says so. */
const at = (ms: number) => () => ms;

async function take(store: VersionedStore, name: string, holder: string, seen?: SeenLease, ms = 0): Promise<HeldLease> {
  const taken = await takeLease(asLeases(store), name, wanted(holder), seen, at(ms));
  assert(taken.held, `${holder} does not get a lock that is free for it`);
  return taken.held;
}

async function sees(store: VersionedStore, name: string, seen?: SeenLease, ms = 0): Promise<SeenLease | undefined> {
  const taken = await takeLease(asLeases(store), name, wanted('onlooker'), seen, at(ms));
  assert.equal(taken.held, undefined, 'a lock that is held was taken');
  return taken.held ? undefined : taken.seen;
}

async function lockWithLease({ stores: [store, other], key }: Stores): Promise<void> {
  const everybody = Array.from({ length: RACERS }, (_, racer) =>
    takeLease(asLeases(racer % 2 ? other : store), key, wanted(String(racer))),
  );
  const [first, ...more] = (await Promise.all(everybody)).flatMap(({ held }) => held ?? []);
  assert(first && more.length === 0, `${more.length + (first ? 1 : 0)} of ${RACERS} hold the lock`);

  let seen = await sees(other, key);
  await sees(other, key, seen, LEASE_MS - 1);
  const renewed = await renewLease(asLeases(store), first);
  // The version is another now, so what was seen of the lease is over.
  seen = await sees(other, key, seen, LEASE_MS);
  const second = await take(other, key, 'second', seen, 2 * LEASE_MS);
  assert(second.epoch > first.epoch, 'the epoch does not rise');
  await assert.rejects(renewLease(asLeases(store), renewed), VersionConflictError);
  await assert.rejects(releaseLease(asLeases(store), renewed), VersionConflictError);
  await sees(store, key);
  await releaseLease(asLeases(other), second);
  const third = await take(store, key, 'third');
  assert(third.epoch > second.epoch, 'the epoch begins again with a release');
}

async function fencedHolder({ stores: [store, other], key }: Stores): Promise<void> {
  const rows = (of: VersionedStore) => of as unknown as VersionedStore<Fenced & { readonly by: string }>;
  const row = `${key}-row`;
  const paused = await take(store, key, 'paused');
  await putFenced(rows(store), row, paused, () => ({ by: 'paused' }));
  const next = await take(other, key, 'next', await sees(other, key), LEASE_MS);
  // Between the read and the write of the one that was paused, the next holder writes: the write itself must notice.
  let between: Promise<number> | undefined;
  const late = putFenced(
    pausing(rows(store), () => (between ??= putFenced(rows(other), row, next, () => ({ by: 'next' })))),
    row,
    paused,
    () => ({ by: 'late' }),
  );
  await refused(late);
  await assert.rejects(
    putFenced(rows(store), row, paused, () => ({ by: 'later' })),
    FencedError,
  );
  assert.deepEqual((await store.get(row))?.value, { by: 'next', fence: next.epoch });
}

/** The same store; `meanwhile` happens between its read and its write. */
const pausing = <V extends Json>(store: VersionedStore<V>, meanwhile: () => Promise<unknown>): VersionedStore<V> => ({
  get: (key) => store.get(key),
  put: async (key, value, expected) => {
    await meanwhile();
    return store.put(key, value, expected);
  },
});
