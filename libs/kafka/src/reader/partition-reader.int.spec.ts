import { afterAll, describe, expect, it } from '@jest/globals';
import { UnknownTopicError } from '../errors.js';
import type { ReceivedMessage } from '../message.js';
import { KafkaPublisher } from '../publisher.js';
import { makeTopics, testBrokers, unique, until, wire } from '../testing/kafka.js';
import { PartitionReader } from './partition-reader.js';

/** Goal: one key's messages are found in all topics by time, followed live and resumed, without a consumer group. */
const options = { brokers: testBrokers(), clientId: 'spec' };
const publisher = new KafkaPublisher(options);
const reader = new PartitionReader(options);
afterAll(async () => {
  await Promise.all([publisher.disconnect(), reader.disconnect()]);
});

const never = new AbortController().signal;
const valuesOf = (messages: readonly ReceivedMessage[]) => messages.map(({ value }) => value);

describe('reading a key', () => {
  it('readKey finds the messages of its key and window in all topics, and no others', async () => {
    const topics = await makeTopics({ name: 'read-a', partitions: 2 }, { name: 'read-b', partitions: 2 });
    const [a = '', b = ''] = topics;
    const noise = Array.from({ length: 300 }, (_, n) => wire(n % 2 ? a : b, `other-${n}`, 'noise'));
    await publisher.publish([wire(a, 'mine', 'too early'), ...noise]);
    const {
      messages: [early],
    } = await reader.readKey([a], 'mine', { sinceMs: 0 });
    const after = (early?.timestamp ?? 0) + 1;
    await until('the next millisecond', () => Date.now() > after);
    const sinceMs = Date.now();
    await publisher.publish([wire(a, 'mine', '1'), ...noise, wire(b, 'mine', '2')]);
    await until('the next millisecond', () => Date.now() > sinceMs + 2);
    await publisher.publish([wire(a, 'mine', '3')]);

    const read = async (of: string[], window: { sinceMs: number }) =>
      valuesOf((await reader.readKey(of, 'mine', window)).messages);
    expect((await read(topics, { sinceMs })).sort()).toEqual(['1', '2', '3']);
    expect(await read([a], { sinceMs })).toEqual(['1', '3']);
    expect(await read(topics, { sinceMs: Date.now() + 60_000 })).toEqual([]);
    expect((await reader.readKey(topics, 'nobody', { sinceMs: 0 })).messages).toEqual([]);
  });

  it('readKey serves fifty callers at once', async () => {
    const topics = await makeTopics({ name: 'many', partitions: 2 });
    await publisher.publish(Array.from({ length: 50 }, (_, n) => wire(topics[0] ?? '', `key-${n}`, `${n}`)));
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) => reader.readKey(topics, `key-${n}`, { sinceMs: 0 })),
    );
    expect(all.map(({ messages }) => valuesOf(messages))).toEqual(Array.from({ length: 50 }, (_, n) => [`${n}`]));
  });

  it('readKey of a topic that does not exist throws UnknownTopicError', async () => {
    await expect(reader.readKey([unique('nowhere')], 'k', { sinceMs: 0 })).rejects.toThrow(UnknownTopicError);
  });
});

describe('following a key', () => {
  it('follow yields past and coming messages of its key until aborted, and resumes at a given offset', async () => {
    const topics = await makeTopics({ name: 'follow-a', partitions: 2 }, { name: 'follow-b', partitions: 2 });
    const [a = '', b = ''] = topics;
    await publisher.publish([wire(a, 'mine', 'before'), wire(b, 'other', 'noise')]);
    const abort = new AbortController();
    const seen: ReceivedMessage[] = [];
    const following = (async () => {
      for await (const message of reader.follow(topics, 'mine', { [a]: 0n, [b]: 0n }, abort.signal)) seen.push(message);
    })();
    await until('the past', () => seen.length === 1);
    await publisher.publish([wire(b, 'mine', 'live'), wire(a, 'other', 'noise')]);
    await until('the present', () => seen.length === 2);
    expect(valuesOf(seen)).toEqual(['before', 'live']);
    abort.abort();
    await following;

    await publisher.publish([wire(a, 'mine', 'later')]);
    const offsets = Object.fromEntries(seen.map(({ topic, offset }) => [topic, BigInt(offset) + 1n]));
    for await (const message of reader.follow(topics, 'mine', offsets, never)) {
      if (message.value === 'noise') continue;
      expect(message.value).toBe('later');
      break;
    }
  });
});

describe('reading everything', () => {
  it('readAll yields all that was there when called, in order per partition; readLast yields the end of it', async () => {
    const topics = await makeTopics({ name: 'all', partitions: 3 }, { name: 'empty', partitions: 1 });
    const big = 'x'.repeat(10_000);
    for (let n = 0; n < 5; n++) {
      await publisher.publish(Array.from({ length: 60 }, (_, m) => wire(topics[0] ?? '', `key-${m}`, big)));
    }
    const next = new Map<number, number>();
    for await (const batch of reader.readAll(topics)) {
      for (const { partition, offset } of batch) {
        expect(Number(offset)).toBe(next.get(partition) ?? 0);
        next.set(partition, Number(offset) + 1);
      }
    }
    expect([...next.values()].reduce((sum, count) => sum + count, 0)).toBe(300);

    const last = new Map<number, number[]>();
    for await (const batch of reader.readLast(topics, 3)) {
      for (const { partition, offset } of batch) last.set(partition, [...(last.get(partition) ?? []), Number(offset)]);
    }
    for (const [partition, end] of next) expect(last.get(partition)).toEqual([end - 3, end - 2, end - 1]);
  });
});

describe('reading what comes from now on', () => {
  it('tail yields the coming messages of every key until aborted; countAll counts all ever sent', async () => {
    const topics = await makeTopics({ name: 'tail', partitions: 3 }, { name: 'tail-b', partitions: 1 });
    const [a = '', b = ''] = topics;
    await publisher.publish([wire(a, 'k', 'too early')]);
    const abort = new AbortController();
    const seen: ReceivedMessage[] = [];
    const tailing = (async () => {
      for await (const batch of reader.tail(topics, abort.signal)) seen.push(...batch);
    })();
    // `tail` does not say when it has begun. It has, once it has yielded a message.
    let sent = 1;
    for (; seen.length === 0; sent++) await publisher.publish([wire(b, 'k', 'first')]);
    await publisher.publish(Array.from({ length: 9 }, (_, n) => wire(a, `key-${n}`, `${n}`)));
    await until('all of it', () => seen.filter(({ topic }) => topic === a).length === 9);
    expect(valuesOf(seen)).not.toContain('too early');
    expect(await reader.countAll(topics)).toBe(sent + 9);
    abort.abort();
    await tailing;
  });
});
