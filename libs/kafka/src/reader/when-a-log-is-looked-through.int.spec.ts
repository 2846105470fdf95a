import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import type { Admin, Producer } from 'kafkajs';
import { createClient } from '../client.js';
import { makeTopics, testBrokers, unique, until } from '../testing/kafka.js';
import { LogBrowser, type BrowsedRecord } from './log-browser.js';
import type { ScanLimits, ScanPage } from './log-scan.js';

/**
 * Goal: who looks through a real log sees every record as what it is, page by page and both ways; what is not there is said to be still to come,
 * deleted, or Kafka's own; and nobody's position moves.
 * Method: a stranger's producer on a real broker: texts, bytes, nothing, large records, transactions that are given up.
 */
const options = { brokers: testBrokers(), clientId: 'spec' };
const browser = new LogBrowser(options);
const client = createClient(options);
const NEVER = new AbortController().signal;
const LIMITS: ScanLimits = { items: 1_000, records: 20_000, bytes: 32 * 1024 * 1024, ms: 10_000 };
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  [admin, producer] = [client.admin(), client.producer({ allowAutoTopicCreation: false })];
  await Promise.all([admin.connect(), producer.connect()]);
});
afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect(), browser.disconnect()]);
});

const topicOf = async (partitions: number): Promise<string> =>
  (await makeTopics({ name: 'browsed', partitions }))[0] ?? '';
const placesOf = (topic: string, partitions: number) =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

async function look(
  topic: string,
  partitions: number,
  direction: 'forward' | 'backward',
  limits: Partial<ScanLimits> = {},
  at?: readonly bigint[],
): Promise<ScanPage<BrowsedRecord>> {
  const bounds = await browser.boundsOf(placesOf(topic, partitions));
  const places = bounds.map((one, index) => ({
    ...one,
    at: at?.[index] ?? (direction === 'forward' ? one.earliest : one.latest),
  }));
  const wish = { direction, places, limits: { ...LIMITS, ...limits }, firstChunk: 8, fits: () => true };
  return browser.page(wish, NEVER);
}

describe('looking through a log', () => {
  it('pages go through all partitions in order of time, and back', async () => {
    const topic = await topicOf(3);
    for (let at = 0; at < 30; at++)
      await producer.send({ topic, messages: [{ partition: at % 3, key: 'k', value: `${at}` }] });
    const there: (string | null)[] = [];
    let positions: readonly bigint[] | undefined;
    for (let complete = false; !complete;) {
      const page: ScanPage<BrowsedRecord> = await look(topic, 3, 'forward', { items: 7 }, positions);
      there.push(...page.items.map(({ value }) => value));
      ({ positions, complete } = page);
    }
    // Of two in the same millisecond the one in the lower partition comes first.
    expect(there.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, at) => at));
    const back = await look(topic, 3, 'backward');
    expect(back.items.map(({ value }) => value).toReversed()).toEqual(there);
    expect([back.complete, back.records]).toEqual([true, 30]);
  });

  it('a record is shown as what it is: a text, bytes, nothing', async () => {
    const topic = await topicOf(1);
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const messages = [
      { key: 'text', value: 'grüße \ufffd' },
      { key: 'bytes', value: bytes },
      { key: null, value: null },
    ];
    await producer.send({ topic, messages });
    const { items } = await look(topic, 1, 'forward');
    expect(items.map(({ key, value, valueBytes, binary }) => ({ key, value, valueBytes, binary }))).toEqual([
      { key: 'text', value: 'grüße \ufffd', valueBytes: 11, binary: undefined },
      { key: 'bytes', value: expect.any(String), valueBytes: 3, binary: bytes },
      { key: null, value: null, valueBytes: null, binary: undefined },
    ]);
  });

  it('large records fill a page sooner, in both directions, and are all met', async () => {
    const topic = await topicOf(2);
    const value = 'x'.repeat(900_000);
    for (let at = 0; at < 40; at++) await producer.send({ topic, messages: [{ partition: at % 2, value }] });
    for (const direction of ['forward', 'backward'] as const) {
      let met = 0;
      let pages = 0;
      let positions: readonly bigint[] | undefined;
      for (let complete = false; !complete; pages++) {
        const page: ScanPage<BrowsedRecord> = await look(topic, 2, direction, { bytes: 4_000_000 }, positions);
        met += page.items.length;
        ({ positions, complete } = page);
      }
      expect(met).toBe(40);
      expect(pages).toBeGreaterThan(1);
    }
  }, 60_000);

  it('a position has its record, or one of three reasons for none', async () => {
    const topic = await topicOf(1);
    await producer.send({ topic, messages: ['0', '1', '2'].map((value) => ({ value })) });
    const transactional = client.producer({ transactionalId: unique('tx'), maxInFlightRequests: 1, idempotent: true });
    await transactional.connect();
    const givenUp = await transactional.transaction();
    await givenUp.send({ topic, messages: [{ value: '3' }] });
    await givenUp.abort();
    await transactional.disconnect();
    // Kafka answers before it has written that the transaction was given up.
    await waitUntil('its end is in the log', async () => {
      const [bounds] = await browser.boundsOf([{ topic, partition: 0 }]);
      return bounds?.latest === 5n;
    });
    await producer.send({ topic, messages: [{ value: '5' }] });
    // The admin client deletes only in topics that it has asked about.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
    const at = (offset: bigint) => browser.record({ topic, partition: 0 }, offset, NEVER);
    expect(await at(2n)).toMatchObject({ record: { value: '2', offset: '2' } });
    expect(await at(0n)).toMatchObject({ absent: 'deleted', bounds: { earliest: 1n } });
    expect(await at(3n)).toMatchObject({ absent: 'none' });
    expect(await at(4n)).toMatchObject({ absent: 'none' });
    expect(await at(5n)).toMatchObject({ record: { value: '5' } });
    expect(await at(6n)).toMatchObject({ absent: 'later', bounds: { latest: 6n } });
    const page = await look(topic, 1, 'backward');
    expect([page.items.map(({ value }) => value), page.complete]).toEqual([['5', '2', '1'], true]);
  });

  it('a time is a place between two records', async () => {
    const topic = await topicOf(1);
    await producer.send({ topic, messages: [{ value: 'before' }] });
    const [before] = (await look(topic, 1, 'forward')).items;
    const after = (before?.timestamp ?? 0) + 1;
    await until('the next millisecond', () => Date.now() > after);
    await producer.send({ topic, messages: [{ value: 'after' }] });
    const places = placesOf(topic, 1);
    expect(await browser.positionsAt(places, after)).toEqual([1n]);
    expect(await browser.positionsAt(places, Date.now() + 60_000)).toEqual([2n]);
  });

  it('no consumer group comes of it', async () => {
    const topic = await topicOf(1);
    await producer.send({ topic, messages: [{ value: 'seen' }] });
    await look(topic, 1, 'forward');
    const { groups } = await admin.listGroups();
    expect(groups.map(({ groupId }) => groupId)).not.toContain('never-joined');
  });

  it('a page that is ended stops, and is an outage to who waits for it', async () => {
    const topic = await topicOf(1);
    await producer.send({ topic, messages: [{ value: 'seen' }] });
    const bounds = await browser.boundsOf(placesOf(topic, 1));
    const places = bounds.map((one) => ({ ...one, at: one.earliest }));
    const wish = { direction: 'forward', places, limits: LIMITS, firstChunk: 8, fits: () => true } as const;
    await expect(browser.page(wish, AbortSignal.abort())).rejects.toThrow('took too long');
  });
});
