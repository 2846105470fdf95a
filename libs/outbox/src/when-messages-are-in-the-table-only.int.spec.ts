import { translate } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import { describe, expect, it } from '@jest/globals';
import type { OutboxRelay } from './index.js';
import {
  broker,
  commit,
  emptied,
  outboxThatMayFail,
  startedRelay,
  statements,
} from './outbox-that-fails.fixture.spec.js';

/**
 * Goal: messages that are committed and not in the relay's memory are read from the table and sent in the order of their key: another process
 * wrote them, the answer to their commit was lost, or memory was full.
 * Method: the relay on a real PostgreSQL. Its statements can be held, so that a spec can act between a read and its result.
 */
outboxThatMayFail();

describe('an unsent predecessor of the same key that is not in memory (its answer was lost, or another process wrote it)', () => {
  it('an unsent predecessor is sent first, from a shard of others, too', async () => {
    const relay = startedRelay();
    const answered = statements.readsAreLate();
    await commit(undefined, ['a1']);
    await commit(relay, ['a2']);
    await commit(relay, ['a3']);
    await waitUntil('the table is read', () => statements.reads > 0);
    expect(broker.received).toEqual([]);
    answered();
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3']);
  });

  it('an unsent predecessor that another process sends meanwhile is sent twice, with one id', async () => {
    const [one, other] = [startedRelay(), startedRelay()];
    const acknowledge = broker.hangs();
    await commit(one, ['a1']);
    await waitUntil('it is asked', () => broker.requests === 1);
    await commit(other, ['a2']);
    await waitUntil('both ask', () => broker.requests === 2);
    acknowledge();
    await emptied();
    expect(broker.received).toEqual(['a1', 'a1', 'a2']);
  });

  it('an unsent predecessor that waits in memory is not read again', async () => {
    const acknowledge = broker.hangs();
    const relay = startedRelay();
    for (const value of ['a1', 'a2', 'a3']) await commit(relay, [value]);
    acknowledge();
    await emptied();
    expect(statements.reads).toBe(0);
  });

  it('an unsent predecessor that cannot be read holds back later messages of its key, and no others', async () => {
    const relay = startedRelay();
    await relay.own([0]);
    await commit(undefined, ['a1']);
    statements.readsFail = true;
    await commit(relay, ['a2']);
    await waitUntil('it was tried', () => statements.reads > 1);
    await commit(relay, ['b1']);
    await waitUntil('the other key goes on', () => broker.received.includes('b1'));
    expect(broker.received).toEqual(['b1']);
    statements.readsFail = false;
    await commit(relay, ['a3']);
    await emptied();
    expect(broker.received).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  it('unsent predecessors that are more than one read brings are sent by the owner of the shard, in order', async () => {
    const values = Array.from({ length: 7 }, (_, n) => `a${n}`);
    await commit(undefined, values.slice(0, 6));
    const relay = startedRelay({ sweepMax: 3, sweepEveryMs: 5, sweepOlderThanMs: 0 });
    await commit(relay, values.slice(6));
    await waitUntil('it was tried', () => statements.reads > 0);
    await relay.own([0]);
    relay.start();
    await emptied();
    expect(broker.received).toEqual(values);
  });

  it('acknowledged rows in shards of others are deleted soon, before their owner sends them again', async () => {
    const relay = startedRelay({ flushAfterMs: 3_600_000, flushForeignAfterMs: 1 });
    await relay.own([0]);
    await commit(relay, ['a1'], 0);
    await commit(relay, ['b1'], 1);
    await emptied();
  });
});

describe('when memory was full', () => {
  /** Fills a memory of two messages with a1 and a2, leaves `more` to the table, then lets the broker answer. */
  async function overflow(relay: OutboxRelay, more: readonly string[]): Promise<() => void> {
    await relay.own([0]);
    const acknowledge = broker.hangs();
    await commit(relay, ['a1', 'a2']);
    for (const value of more) await commit(relay, [value]);
    const answer = statements.readsAreLate();
    const before = statements.reads;
    acknowledge();
    await waitUntil('the table is read', () => statements.reads > before);
    return answer;
  }

  it('a message that is committed while the table is read does not overtake those in it', async () => {
    const relay = startedRelay({ pendingMax: 2 });
    const answer = await overflow(relay, ['a3']);
    await commit(relay, ['a4']);
    answer();
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('a new message waits for all of the table when that is more than one read brings', async () => {
    const relay = startedRelay({ pendingMax: 2, sweepMax: 1 });
    const answer = await overflow(relay, ['a3', 'a4', 'a5']);
    await commit(relay, ['a6']);
    answer();
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
  });

  it('a new message does not overtake those in the table when the table cannot be read', async () => {
    const relay = startedRelay({ pendingMax: 2, sweepEveryMs: 5 });
    statements.readsFail = false;
    await relay.own([0]);
    const acknowledge = broker.hangs();
    await commit(relay, ['a1', 'a2']);
    await commit(relay, ['a3']);
    statements.readsFail = true;
    acknowledge();
    await waitUntil('the table is read in vain', () => statements.reads > 1);
    await commit(relay, ['a4']);
    statements.readsFail = false;
    relay.start();
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('rows that a read brings are put in order among the messages that were committed meanwhile', async () => {
    const relay = startedRelay({ pendingMax: 2 });
    const begin = statements.readsBeginLate();
    const owning = relay.own([0]);
    await waitUntil('the table is asked', () => statements.reads === 1);
    for (const value of ['a1', 'a2', 'a3']) await commit(relay, [value]);
    begin();
    await owning;
    await emptied();
    expect(broker.received).toEqual(['a1', 'a2', 'a3']);
  });

  it('a relay whose memory was full of acknowledged ids goes on sending', async () => {
    const relay = startedRelay({ pendingMax: 2, flushAfterMs: 3_600_000 });
    await commit(relay, ['a1', 'a2']);
    await relay.drained();
    await commit(relay, ['b1']);
    relay.committed({ sent: [], unsentPredecessors: [], deleted: relay.takeAcknowledged() });
    await waitUntil('a later one is sent', async () => {
      await commit(relay, ['c1']);
      await relay.drained();
      return broker.received.includes('c1');
    });
  });

  it('a table whose rows cannot be deleted is not read in a loop', async () => {
    statements.deletesFail = true;
    const relay = startedRelay({ sweepMax: 2, flushAfterMs: 3_600_000 });
    await commit(relay, ['a1', 'a2']);
    await relay.drained();
    const before = statements.reads;
    await relay.own([0]).catch((error: unknown) => expect(translate(error)).toBeInstanceOf(Error));
    expect(statements.reads - before).toBe(1);
    expect(broker.received).toEqual(['a1', 'a2']);
  });
});
