import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import {
  broker,
  commit,
  database,
  emptied,
  left,
  outboxThatMayFail,
  startedRelay,
  statements,
} from './outbox-that-fails.fixture.spec.js';

/**
 * Goal: every committed message reaches Kafka, in the order of its key, whatever fails on the way; and nothing grows without bound.
 * Method: the relay on a real PostgreSQL. Its broker can be away or slow. Its statements can be held, so that a spec can act between a read
 * and its result.
 */
outboxThatMayFail();

describe('a committed message', () => {
  it('a committed message is sent from memory, and its row is deleted after the acknowledgement', async () => {
    const relay = startedRelay();
    await commit(relay, ['a1', 'a2', 'b1']);
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'b1']);
    expect(statements.reads).toBe(0);
  });

  it('a committed message keeps its row as long as it is not acknowledged', async () => {
    const acknowledge = broker.hangs();
    const relay = startedRelay();
    await commit(relay, ['a1']);
    await waitUntil('it is asked', () => broker.requests === 1);
    expect(relay.takeAcknowledged()).toEqual([]);
    expect(await left()).toBe(1);
    acknowledge();
    await emptied();
  });

  it('acknowledged ids go along with the next write, and come back when that write fails', async () => {
    const relay = startedRelay({ flushAfterMs: 3_600_000 });
    const rows = await commit(relay, ['a1', 'b1']);
    await relay.drained();
    const ids = relay.takeAcknowledged();
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect(relay.takeAcknowledged()).toEqual([]);
    relay.giveBack(ids);
    expect(relay.takeAcknowledged()).toEqual(ids);
  });

  it('an acknowledged row is deleted by the second attempt when the first delete fails', async () => {
    statements.deletesFail = true;
    const relay = startedRelay();
    await commit(relay, ['a1']);
    await waitUntil('it is sent', () => broker.received.length === 1);
    statements.deletesFail = false;
    await emptied();
    expect(broker.received).toEqual(['a1']);
  });

  it('waiting messages are sent with few requests, however many wait', async () => {
    const acknowledge = broker.hangs();
    const relay = startedRelay({ publishMax: 10 });
    for (let n = 0; n < 31; n++) await commit(relay, [`a${n}`]);
    acknowledge();
    await emptied();
    // The first message alone, then thirty in tens.
    expect(broker.requests).toBe(4);
  });
});

describe('when the broker is away', () => {
  it('messages that were committed while the broker was away arrive when it is back, in order', async () => {
    broker.goesAway();
    const relay = startedRelay({ publishMax: 2 });
    for (let n = 0; n < 5; n++) await commit(relay, [`a${n}`, `b${n}`]);
    await waitUntil('it has tried often', () => broker.requests > 8);
    expect(await left()).toBe(10);
    broker.comesBack();
    await emptied();
    expect(broker.received.filter((value) => value.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(broker.received).toHaveLength(10);
  });

  it('messages that do not fit in memory while the broker is away wait in the table and follow in order', async () => {
    broker.goesAway();
    const relay = startedRelay({ pendingMax: 3, sweepMax: 4 });
    await relay.own([0]);
    for (let n = 0; n < 10; n++) await commit(relay, [`a${n}`]);
    await waitUntil('it has tried', () => broker.requests > 2);
    broker.comesBack();
    await emptied();
    expect(broker.received).toEqual(Array.from({ length: 10 }, (_, n) => `a${n}`));
  });

  it('a relay that stops while the broker is away leaves unsent messages in the table', async () => {
    broker.goesAway();
    const relay = startedRelay();
    await commit(relay, ['a1', 'a2']);
    await relay.stop(10);
    await commit(relay, ['a3']);
    broker.comesBack();
    expect(await left()).toBe(3);

    const next = startedRelay();
    await next.own([0]);
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('a relay that stops', () => {
  it('a relay that stops sends what is in memory and leaves no row of it', async () => {
    const acknowledge = broker.hangs();
    const relay = startedRelay({ flushAfterMs: 3_600_000 });
    await commit(relay, ['a1', 'a2']);
    const stopped = relay.stop(30_000);
    acknowledge();
    await stopped;
    expect(broker.received).toEqual(['a1', 'a2']);
    expect(await left()).toBe(0);
  });
});

describe('rows that a crashed process left', () => {
  it('rows that a crashed process left are sent by the new owner of their shard before later messages', async () => {
    await commit(undefined, ['a1', 'a2']);
    const relay = startedRelay();
    await relay.own([0]);
    await commit(relay, ['a3']);
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3']);
  });

  it('rows that a crashed process left are sent in order when they are more than one read brings', async () => {
    const values = Array.from({ length: 25 }, (_, n) => `a${n}`);
    await commit(undefined, values);
    const relay = startedRelay({ sweepMax: 10 });
    await relay.own([0]);
    await emptied();
    expect(broker.received).toEqual(values);
  });

  it('rows in shards of others are left alone', async () => {
    await commit(undefined, ['a1'], 0);
    await commit(undefined, ['b1'], 1);
    const relay = startedRelay({ sweepEveryMs: 5, sweepOlderThanMs: 0 });
    relay.start();
    await relay.own([1]);
    await waitUntil('it has looked several times', () => statements.reads > 3);
    expect(broker.received).toEqual(['b1']);
    expect(await left()).toBe(1);
  });

  it('rows that are left later are sent once they are old: young ones are in the memory of their writer', async () => {
    const relay = startedRelay({ sweepEveryMs: 5, sweepOlderThanMs: 60_000 });
    relay.start();
    await relay.own([0]);
    await commit(undefined, ['a1', 'b1']);
    await database.pool.query(`UPDATE outbox SET created_at = now() - interval '61 seconds' WHERE value = 'a1'`);
    await waitUntil('the old one is sent', () => broker.received.includes('a1'));
    const looked = statements.reads;
    await waitUntil('it has looked again', () => statements.reads > looked + 2);
    expect(broker.received).toEqual(['a1']);
    expect(await left()).toBe(1);
  });

  it('taking over a shard fails, retryably, when its rows cannot be read, so nothing overtakes them', async () => {
    await commit(undefined, ['a1']);
    statements.readsFail = true;
    const relay = startedRelay();
    await expect(relay.own([0])).rejects.toMatchObject({ name: 'DatabaseUnavailableError', retryable: true });
    statements.readsFail = false;
    await relay.own([0]);
    await commit(relay, ['a2']);
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2']);
  });
});

it('a relay is not drained before the messages that wait for a late read are sent', async () => {
  const relay = startedRelay();
  const answer = statements.readsAreLate();
  const owning = relay.own([0]);
  await waitUntil('the table is read', () => statements.reads === 1);
  await commit(relay, ['a1']);
  const drained = relay.drained();
  answer();
  await drained;
  await owning;
  expect(broker.received).toEqual(['a1']);
});
