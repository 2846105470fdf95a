import { randomBytes } from 'node:crypto';
import { write } from '@backstep/concurrency';
import { MAX_HEADERS_CHARACTERS, MAX_MESSAGE_BYTES, newId } from '@backstep/messages';
import { describe, expect, it } from '@jest/globals';
import {
  CUT_VALUE_BYTES,
  dedupeIdOf,
  heldKeysSql,
  parkedKey,
  parkPart,
  toDelivered,
  unparkPart,
  type Parking,
} from './index.js';
import { aDelivered, database, executor, idsOf, inboxOnPostgres, lot, park } from './inbox.fixture.spec.js';

/** Goal: parked messages are kept as they came, listed, held in the order of their key, discarded and released. Method: on a real PostgreSQL. */
inboxOnPostgres();

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

  it('the list has no message’s value and headers; one message alone has both', async () => {
    const delivered = aDelivered({ value: '{"large":true}', headers: { ce_type: 'Bake' } });
    await write(executor, [parkPart([{ delivered, state: 'poisoned', cause: 'handler_failed', error: '' }])]);
    const [listed] = await lot.list({ limit: 1 });
    const { headers, value, ...rest } = (await lot.look(dedupeIdOf(delivered))) ?? {};
    expect(listed).toEqual(rest);
    expect({ headers, value, sizeBytes: listed?.sizeBytes }).toEqual({
      ...{ headers: delivered.headers, value: delivered.value, sizeBytes: 14 },
    });
  });

  it('a list of parked messages goes on after a page whose last message is unparked meanwhile', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await park('poisoned', `k${n}`));
    const [first] = await lot.list({ limit: 1 });
    await write(executor, [unparkPart([{ id: first?.id ?? '' }])]);
    expect(idsOf(await lot.list({ limit: 10, after: first?.seq ?? '' }))).toEqual(ids.slice(1));
  });

  it('a parked message without a key holds no other message, and waits for none', async () => {
    const [one, other] = [await park('poisoned', ''), await park('poisoned', '')];
    const [first, second] = [await lot.look(one), await lot.look(other)];
    expect([first?.held, second?.behind]).toEqual([0, null]);
    expect(second && (await lot.before(second))).toBeUndefined();
    expect(first && (await lot.releasedBy(first, 10))).toEqual([]);
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
    await lot.discard({ id: bad });
    expect(await heldKeys(['a', 'b'])).toEqual(['a', 'b']);
    await write(executor, [unparkPart([{ id: behind }])]);
    expect(await heldKeys(['a', 'b'])).toEqual(['b']);
  });

  it('held messages are released once no poisoned one of their key is before them, in order, at most `limit` a call', async () => {
    const bad = await park('poisoned', 'a');
    const held = [await park('held', 'a'), await park('held', 'a'), await park('held', 'free')];
    expect(idsOf(await lot.released(10))).toEqual([held[2]]);
    expect(await lot.discard({ id: bad })).toBe(true);
    expect(idsOf(await lot.released(10))).toEqual(held);
    expect(idsOf(await lot.released(2))).toEqual(held.slice(0, 2));
  });

  it('of two poisoned messages of a key each shows what waits behind it, and its turn comes in the order of the key', async () => {
    const ids: string[] = [];
    for (const state of ['poisoned', 'held', 'held', 'poisoned', 'held'] as const) ids.push(await park(state, 'a'));
    await park('held', 'b');
    const listed = await lot.list({ key: 'a', limit: 10 });
    expect(listed.map(({ held, behind }) => [held, behind])).toEqual([
      [2, null],
      [0, ids[0]],
      [0, ids[0]],
      [1, null],
      [0, ids[3]],
    ]);
    const [first, , , second, last] = listed;
    if (!first || !second || !last) throw new Error('they are not all parked');
    expect(idsOf(await lot.releasedBy(first, 10))).toEqual([ids[1], ids[2]]);
    expect(idsOf(await lot.releasedBy(first, 1))).toEqual([ids[1]]);
    expect(await lot.releasedBy(second, 10)).toEqual([]);
    expect([await lot.before(first), (await lot.before(second))?.id]).toEqual([undefined, first.id]);
    await lot.discard(first);
    expect(idsOf(await lot.released(10)).filter((id) => ids.includes(id))).toEqual([ids[1], ids[2]]);
    expect(idsOf(await lot.releasedBy(second, 10))).toEqual([ids[4]]);
    expect((await lot.before(second))?.id).toBe(ids[1]);
  });
});

describe('discarding', () => {
  it('a discard works once and on a poisoned message only, so a held one is not lost by mistake', async () => {
    const [bad, held] = [await park('poisoned'), await park('held')];
    expect(await lot.discard({ id: held })).toBe(false);
    expect([
      await lot.discard({ id: bad }),
      await lot.discard({ id: bad }),
      await lot.discard({ id: newId() }),
    ]).toEqual([true, false, false]);
    expect(await lot.counts()).toEqual({ poisoned: 0, held: 1, discarded: 1 });
  });

  it('a message that was tried again since it was looked at is neither discarded nor unparked', async () => {
    const id = await park('poisoned');
    const seen = await lot.look(id);
    expect(seen?.version).toBe(1);
    await lot.failedAgain(id, 'handler_failed', 'still no');
    if (!seen) throw new Error('it is not parked');
    expect(await lot.discard(seen)).toBe(false);
    await expect(write(executor, [unparkPart([seen])])).rejects.toMatchObject({ part: 'parked_out' });
    expect(await lot.look(id)).toMatchObject({ state: 'poisoned', version: 2 });
    expect(await lot.discard({ id, attempts: 2 })).toBe(true);
    expect(await lot.look(id)).toMatchObject({ state: 'discarded', version: 3 });
  });

  it('a message that is discarded while its replay fails stays discarded', async () => {
    const id = await park('poisoned');
    await lot.discard({ id });
    await lot.failedAgain(id, 'handler_failed', 'no');
    expect(await lot.look(id)).toMatchObject({ state: 'discarded', attempts: 1 });
  });

  it('a discarded message cannot be unparked', async () => {
    const bad = await park('poisoned');
    await lot.discard({ id: bad });
    await expect(write(executor, [unparkPart([{ id: bad }])])).rejects.toMatchObject({
      name: 'RowsMismatchError',
      part: 'parked_out',
    });
    expect(await lot.find(bad)).toMatchObject({ state: 'discarded' });
  });
});
