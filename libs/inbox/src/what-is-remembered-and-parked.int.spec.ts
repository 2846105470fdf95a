import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ASSERT_ROWS_SQL, write, type Executor } from '@backstep/concurrency';
import { MAX_HEADERS_CHARACTERS, MAX_MESSAGE_BYTES, newId } from '@backstep/messages';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import {
  CUT_VALUE_BYTES,
  dedupeIdOf,
  heldKeysSql,
  INBOX_SQL,
  inboxPart,
  knownMessages,
  parkedKey,
  ParkingLot,
  parkPart,
  purgeInbox,
  toDelivered,
  unparkPart,
  type Delivered,
  type Parking,
} from './index.js';

/** Goal: the inbox deletes ids late and in chunks; parked messages are listed, kept in order, discarded and released. On a real PostgreSQL. */
let database: TestDatabase;
let executor: Executor;
let lot: ParkingLot;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`${ASSERT_ROWS_SQL};${INBOX_SQL}`);
  executor = database.pool as unknown as Executor;
  lot = new ParkingLot(executor);
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('TRUNCATE inbox, parked_message'));

let offset = 0;
const aDelivered = (changes: Partial<Delivered> = {}): Delivered => ({
  topic: 'counter.events',
  partition: 1,
  offset: String(offset++),
  key: 'k',
  headers: { ce_id: newId(), ce_type: 'CakeWished' },
  value: '{}',
  timestamp: 1_900_000_000_000,
  ...changes,
});

async function park(state: Parking['state'], key = 'k', delivered: Partial<Delivered> = {}): Promise<string> {
  const message = aDelivered({ key, ...delivered });
  await write(executor, [parkPart([{ delivered: message, state, cause: 'handler_failed', error: 'no' }])]);
  return dedupeIdOf(message);
}
const idsOf = (parked: readonly { readonly id: string }[]) => parked.map(({ id }) => id);

describe('the inbox', () => {
  const remembered = async (): Promise<number> => (await database.pool.query('SELECT FROM inbox')).rowCount ?? 0;
  const policy = { retainInboxDays: 14, retainDiscardedDays: 30, purgeChunk: 4 };

  async function remember(count: number, age: string): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await write(executor, [inboxPart(ids)]);
    await database.pool.query('UPDATE inbox SET received_at = now() - $2::interval WHERE message_id = ANY($1)', [
      ids,
      age,
    ]);
    return ids;
  }

  it('a write with a message id that the inbox knows is refused as a whole', async () => {
    const [id] = await remember(1, '0');
    const fresh = newId();
    await expect(write(executor, [inboxPart([fresh, id ?? ''])])).rejects.toMatchObject({
      name: 'UniqueViolationError',
      table: 'inbox',
    });
    expect(await knownMessages(executor, [fresh, id ?? ''])).toEqual(new Set([id]));
  });

  it('a purge deletes ids past their retention only, one chunk a call', async () => {
    const young = await remember(3, '13 days 23 hours');
    await remember(10, '14 days 1 second');
    const gone: number[] = [];
    do gone.push(await purgeInbox(executor, policy));
    while ((gone.at(-1) ?? 0) >= policy.purgeChunk);
    expect(gone).toEqual([4, 4, 2]);
    expect(await knownMessages(executor, young)).toEqual(new Set(young));
    expect(await remembered()).toBe(3);
  });

  it('the inbox stays bounded over months of purges, and messages that wait for an operator are kept', async () => {
    const daily = 300;
    const waiting = [await park('poisoned', 'a'), await park('held', 'a')];
    for (let day = 0; day < 60; day += 1) {
      await remember(daily, '0');
      const discarded = await park('poisoned', `day ${day}`);
      await lot.discard(discarded);
      do expect(await remembered()).toBeLessThanOrEqual((policy.retainInboxDays + 1) * daily);
      while ((await purgeInbox(executor, { ...policy, purgeChunk: 1_000 })) >= 1_000);
      expect((await lot.counts()).discarded).toBeLessThanOrEqual(policy.retainDiscardedDays + 1);
      await dayPasses();
    }
    await purgeInbox(executor, { ...policy, purgeChunk: 10_000 });
    expect(await remembered()).toBe((policy.retainInboxDays - 1) * daily);
    expect(await lot.counts()).toEqual({ poisoned: 1, held: 1, discarded: policy.retainDiscardedDays - 1 });
    expect(idsOf(await lot.list({ limit: 2 }))).toEqual(waiting);
  });

  /** A second more than a day, so that no row is exactly as old as its bound. */
  async function dayPasses(): Promise<void> {
    const earlier = `- interval '1 day 1 second'`;
    await database.pool.query(`UPDATE inbox SET received_at = received_at ${earlier}`);
    await database.pool.query(
      `UPDATE parked_message SET parked_at = parked_at ${earlier}, changed_at = changed_at ${earlier}`,
    );
  }

  it('the inbox keeps the id of a parked message as long as the message is parked', async () => {
    const parked = await park('poisoned');
    await write(executor, [inboxPart([parked])]);
    await database.pool.query(`UPDATE inbox SET received_at = now() - interval '100 days'`);
    expect(await purgeInbox(executor, policy)).toBe(0);
    await write(executor, [unparkPart([parked])]);
    expect(await purgeInbox(executor, policy)).toBe(1);
  });

  it('a purge deletes discarded messages past their retention, and never poisoned or held ones', async () => {
    const ids = [
      await park('poisoned', 'a'),
      await park('poisoned', 'b'),
      await park('held', 'a'),
      await park('poisoned', 'c'),
    ];
    await lot.discard(ids[0] ?? '');
    await lot.discard(ids[3] ?? '');
    await database.pool.query(`UPDATE parked_message SET changed_at = now() - interval '31 days' WHERE key <> 'c'`);
    expect(await purgeInbox(executor, policy)).toBe(1);
    expect(idsOf(await lot.list({ limit: 10 }))).toEqual(ids.slice(1));
  });
});

describe('the id of a message', () => {
  it('the deduplication id of a CloudEvent is its own id in lower case', () => {
    const id = newId();
    expect(dedupeIdOf(aDelivered({ headers: { ce_id: id.toUpperCase() } }))).toBe(id);
  });

  it('the deduplication id of another record is derived from its place in Kafka, the same at each delivery', () => {
    const message = aDelivered({ headers: { ce_id: 'not one' } });
    expect(dedupeIdOf(message)).toBe(dedupeIdOf({ ...message, headers: {} }));
    const elsewhere = [{ topic: 't' }, { partition: 9 }, { offset: '999' }, { timestamp: 1 }].map((where) =>
      dedupeIdOf({ ...message, ...where }),
    );
    expect(new Set([dedupeIdOf(message), ...elsewhere]).size).toBe(5);
  });
});

const why = { state: 'poisoned', cause: 'bad_json', error: '' } as const;

describe('a key that is parked', () => {
  const random = (characters: number): string => randomBytes(characters).toString('base64').slice(0, characters);
  const beginning = random(4_096);

  it('a parked key of any length and characters is held, and no key that begins or is stored alike', async () => {
    const keys = [
      ...['', 'a', 'b'].map((end) => beginning + end),
      ...['a\u0000', 'a\ufffd', 'a\ud800', 'a\udfff', 'a…'],
      ...[512, 513].map((length) => '\u{1f600}'.repeat(length / 2 + 1).slice(0, length)),
    ];
    const stored = keys.map(parkedKey);
    expect(new Set([...stored, ...stored.map(parkedKey)]).size).toBeGreaterThan(keys.length);
    for (const [at, key] of keys.entries()) {
      await database.pool.query('TRUNCATE parked_message');
      await park('poisoned', key);
      expect(await heldKeys(stored)).toEqual([stored[at]]);
    }
  });

  it('a key that looks like a shortened key is stored as another key', () => {
    const shortened = parkedKey(beginning);
    expect(shortened.length).toBeLessThan(600);
    expect(parkedKey(shortened)).not.toBe(shortened);
  });
});

describe('a parked message', () => {
  it('a parked message is read back as it was delivered, zero bytes included', async () => {
    const delivered = aDelivered({
      value: 'zero \u0000 byte',
      headers: { ce_type: 'T\u0000', odd: '\u0000 "quoted" \\' },
      key: 'a\u0000b',
    });
    await write(executor, [
      parkPart([{ delivered, state: 'poisoned', cause: 'bad_json', error: 'x\u0000'.repeat(5_000) }]),
    ]);
    const found = await lot.find(dedupeIdOf(delivered));
    expect(found).toMatchObject({
      topic: delivered.topic,
      partition: 1,
      offset: delivered.offset,
      value: delivered.value,
      headers: delivered.headers,
    });
    expect(found).toMatchObject({ key: parkedKey('a\u0000b'), type: 'T\ufffd', cause: 'bad_json', attempts: 1 });
    expect(found).toMatchObject({ cut: false, sizeBytes: 11 });
    expect(found?.error).toHaveLength(2_000);
    expect(found && toDelivered(found)).toMatchObject({ offset: delivered.offset, value: delivered.value });
  });

  it('a parked message without value, key or headers is read back without them', async () => {
    const delivered = aDelivered({ value: null, key: null, headers: {} });
    await write(executor, [parkPart([{ delivered, state: 'poisoned', cause: 'null_value', error: '' }])]);
    expect(await lot.find(dedupeIdOf(delivered))).toMatchObject({ value: null, key: '', type: null, headers: {} });
  });

  it('a message beyond the size limits is kept in part, and marked as cut', async () => {
    const value = 'é'.repeat(MAX_MESSAGE_BYTES / 2 + 1);
    const large = aDelivered({ value });
    const much = aDelivered({ headers: { x: 'x'.repeat(MAX_HEADERS_CHARACTERS), ce_type: 'T', y: 'y' } });
    const whole = aDelivered({ value: 'x'.repeat(MAX_MESSAGE_BYTES), headers: { x: 'x'.repeat(60_000) } });
    const parkings = [large, much, whole].map((delivered): Parking => ({ ...why, delivered }));
    await write(executor, [parkPart(parkings)]);
    expect(await lot.find(dedupeIdOf(large))).toMatchObject({
      ...{ value: value.slice(0, CUT_VALUE_BYTES / 2), cut: true, sizeBytes: MAX_MESSAGE_BYTES + 2 },
    });
    expect(await lot.find(dedupeIdOf(much))).toMatchObject({
      headers: { ce_type: 'T', y: 'y' },
      cut: true,
      value: '{}',
    });
    const { headers, value: text } = whole;
    expect(await lot.find(dedupeIdOf(whole))).toMatchObject({ headers, value: text, cut: false });
  });

  it('an unreadable message is parked with its size, where that is known', async () => {
    const unreadable = { cause: 'oversize', error: 'opens to more than 16 MB', sizeBytes: 100_000_000 } as const;
    const one = aDelivered({ headers: {}, key: null, value: 'x'.repeat(5_000), unreadable });
    const other = aDelivered({
      headers: {},
      key: null,
      value: null,
      unreadable: { cause: 'unreadable', error: 'damaged' },
    });
    await write(executor, [parkPart([one, other].map((delivered) => ({ ...why, delivered })))]);
    expect(await lot.find(dedupeIdOf(one))).toMatchObject({
      cut: true,
      sizeBytes: 100_000_000,
      value: 'x'.repeat(4_096),
    });
    expect(await lot.find(dedupeIdOf(other))).toMatchObject({ cut: true, sizeBytes: null, value: null });
  });

  it('pages of parked messages do not shift when more are parked meanwhile', async () => {
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await park(n % 2 === 0 ? 'poisoned' : 'held', `k${n}`));
    const first = await lot.list({ limit: 2 });
    await park('poisoned', 'later');
    const second = await lot.list({ limit: 2, after: first[1]?.seq ?? '' });
    const third = await lot.list({ limit: 1, after: second[1]?.seq ?? '' });
    expect(idsOf([...first, ...second, ...third])).toEqual(ids);
    expect(idsOf(await lot.list({ state: 'held', limit: 10 }))).toEqual([ids[1], ids[3]]);
    const lastHeld = (await lot.list({ state: 'held', limit: 10 })).at(-1);
    expect(await lot.list({ state: 'held', limit: 1, after: lastHeld?.seq ?? '' })).toEqual([]);
    expect(await lot.counts()).toEqual({ poisoned: 4, held: 2, discarded: 0 });
  });

  it('a list of parked messages goes on after a page whose last message is unparked meanwhile', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await park('poisoned', `k${n}`));
    const [first] = await lot.list({ limit: 1 });
    await write(executor, [unparkPart([first?.id ?? ''])]);
    expect(idsOf(await lot.list({ limit: 10, after: first?.seq ?? '' }))).toEqual(ids.slice(1));
  });

  it('a parked message is found with the followers of its key, in order, and with no other key’s messages', async () => {
    const head = await park('poisoned', 'a');
    await park('poisoned', 'b');
    const behind = [await park('held', 'a'), await park('held', 'a')];
    expect(idsOf(await lot.withFollowers(head, 10))).toEqual([head, ...behind]);
    expect(idsOf(await lot.withFollowers(head, 2))).toEqual([head, behind[0]]);
  });

  it('a parked message without a key holds no other message', async () => {
    const [one] = [await park('poisoned', ''), await park('poisoned', '')];
    expect(idsOf(await lot.withFollowers(one ?? '', 10))).toEqual([one]);
    expect(await heldKeys(['', 'k'])).toEqual([]);
  });

  it('a parked message that fails again counts its attempts and has the new cause', async () => {
    const id = await park('held');
    await lot.failedAgain(id, 'handler_failed', 'worse\u0000');
    expect(await lot.find(id)).toMatchObject({ state: 'poisoned', attempts: 2, error: 'worse\ufffd' });
  });
});

async function heldKeys(keys: readonly string[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ held: string[] | null }>(`SELECT ${heldKeysSql('$1')} AS held`, [keys]);
  return (rows[0]?.held ?? []).toSorted();
}

describe('a key', () => {
  it('a key is held as long as a message of it is poisoned or held', async () => {
    const bad = await park('poisoned', 'a');
    const behind = await park('held', 'a');
    await park('poisoned', 'b');
    expect(await heldKeys(['a', 'c'])).toEqual(['a']);
    await lot.discard(bad);
    expect(await heldKeys(['a', 'b'])).toEqual(['a', 'b']);
    await write(executor, [unparkPart([behind])]);
    expect(await heldKeys(['a', 'b'])).toEqual(['b']);
  });

  it('held messages are released once their key has no poisoned one, in order, at most `limit` a call', async () => {
    const bad = await park('poisoned', 'a');
    const held = [await park('held', 'a'), await park('held', 'a'), await park('held', 'free')];
    expect(idsOf(await lot.released(10))).toEqual([held[2]]);
    expect(await lot.discard(bad)).toBe(true);
    expect(idsOf(await lot.released(10))).toEqual(held);
    expect(idsOf(await lot.released(2))).toEqual(held.slice(0, 2));
  });
});

describe('discarding', () => {
  it('a discard works once and on a poisoned message only, so a held one is not lost by mistake', async () => {
    const [bad, held] = [await park('poisoned'), await park('held')];
    expect(await lot.discard(held)).toBe(false);
    expect([await lot.discard(bad), await lot.discard(bad), await lot.discard(newId())]).toEqual([true, false, false]);
    expect(await lot.counts()).toEqual({ poisoned: 0, held: 1, discarded: 1 });
  });

  it('a discarded message cannot be unparked', async () => {
    const bad = await park('poisoned');
    await lot.discard(bad);
    await expect(write(executor, [unparkPart([bad])])).rejects.toMatchObject({
      name: 'RowsMismatchError',
      part: 'parked_out',
    });
    expect(await lot.find(bad)).toMatchObject({ state: 'discarded' });
  });
});
