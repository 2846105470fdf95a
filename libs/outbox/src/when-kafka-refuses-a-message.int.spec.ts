import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodedBytes, type WireMessage } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import { DEFAULT_BATCH_SIZES } from './batch-size.js';
import {
  DEFAULT_RELAY_LIMITS,
  type BatchSizes,
  type OutboxMessage,
  type OutboxRelay,
  type Publisher,
  type Refusal,
} from './index.js';
import { aRow, outboxOnPostgres } from './outbox.fixture.spec.js';

/**
 * Goal: a message that Kafka refuses holds up no other key, is not lost, is not overtaken by later messages of its key, and is sent once Kafka
 * takes it. A batch is no larger than Kafka takes.
 * Method: the relay on a real PostgreSQL, and a broker that judges a request as Kafka does: by the bytes of each partition's batch, by its
 * topics, and by its messages. One refused partition fails the request, though the others have been written.
 */
class Broker implements Publisher {
  readonly received: string[] = [];
  requests = 0;
  batchMaxBytes = 1_000_000;
  /** The limit that the relay knows; undefined: the relay uses its default. */
  knownMaxBytes: number | undefined;
  refuses: (message: WireMessage) => Refusal | undefined = () => undefined;

  get sizes(): BatchSizes {
    const { knownMaxBytes } = this;
    if (knownMaxBytes === undefined) return DEFAULT_BATCH_SIZES;
    return { requestMaxBytes: 4_000_000, batchMaxBytes: () => knownMaxBytes };
  }

  publish(messages: readonly WireMessage[]): Promise<void> {
    this.requests++;
    let refusal: Refusal | undefined;
    const batches = new Map<string, WireMessage[]>();
    for (const message of messages) {
      const partition = `${message.topic}/${shardOf(message.key)}`;
      batches.set(partition, [...(batches.get(partition) ?? []), message]);
    }
    for (const batch of batches.values()) {
      const refused = this.judge(batch);
      if (refused) refusal = refused;
      else this.received.push(...batch.map(({ value }) => value.slice(0, 2)));
    }
    return refusal ? Promise.reject(Object.assign(new Error(refusal.code), { refusal })) : Promise.resolve();
  }

  private judge(batch: readonly WireMessage[]): Refusal | undefined {
    const bytes = batch.reduce((sum, message) => sum + encodedBytes(message), 61);
    if (bytes > this.batchMaxBytes) return { of: 'message', code: 'MESSAGE_TOO_LARGE' };
    return batch.map(this.refuses).find((refused) => refused !== undefined);
  }
}

const shardOf = (key: string): number => key.charCodeAt(0) % 4;

let outbox: Awaited<ReturnType<typeof outboxOnPostgres>>;
let broker: Broker;

beforeAll(async () => {
  outbox = await outboxOnPostgres();
});
afterAll(() => outbox.close());
beforeEach(async () => {
  await outbox.reset();
  broker = new Broker();
});

const HOUR_MS = 3_600_000;
/** A sweep reads no row of a spec: on a busy machine it would read some before their own process is told that they are committed, and send them twice. */
const QUICK = {
  ...DEFAULT_RELAY_LIMITS,
  flushAfterMs: 5,
  sweepEveryMs: 5,
  sweepOlderThanMs: HOUR_MS,
  retry: { baseMs: 1, capMs: 5 },
  retryBaseMs: 20,
  retryCapMs: 80,
};
/** Retries are due only after a spec has ended, so parked messages stay parked. */
const LATER = { retryBaseMs: HOUR_MS, retryCapMs: HOUR_MS };

async function startedRelay(limits: Partial<typeof QUICK> = {}): Promise<OutboxRelay> {
  const relay = outbox.relay(broker, { ...QUICK, ...limits });
  relay.start();
  await relay.own([0, 1, 2, 3]);
  return relay;
}

/** Commits messages whose key is their first letter, and hands them over. */
async function commit(relay: OutboxRelay | undefined, values: readonly string[], topic = 'counter.events') {
  await outbox.commit(
    values.map((value) => rowOf(value, topic)),
    () => relay,
  );
}

function rowOf(value: string, topic: string): OutboxMessage {
  const row = aRow(value, { topic });
  return { ...row, shard: shardOf(row.key), bytes: encodedBytes(row) };
}

const leaves = (count: number) => waitUntil(`${count} are left`, async () => (await outbox.left()) === count);
const parked = async () =>
  (await outbox.database.pool.query('SELECT key, topic, cause, attempts FROM outbox_parked ORDER BY key')).rows;
const areParked = (count: number) =>
  waitUntil(`${count} are parked`, async () => {
    const rows = await parked();
    return rows.length === count && rows;
  });
const nothingParked = () => areParked(0);
const large = (name: string, bytes = 600_000): string => name.padEnd(bytes, 'x');
const once = (values: readonly string[]): string[] => [...new Set(values)];

describe('when many large messages have piled up', () => {
  const piled = Array.from({ length: 40 }, (_, n) => large(`a${String.fromCharCode(65 + n)}`, 100_000));

  it('a backlog of large messages is sent in requests that Kafka takes, none of which it refuses', async () => {
    broker.knownMaxBytes = broker.batchMaxBytes;
    await commit(undefined, piled);
    await startedRelay();
    await leaves(0);
    expect(broker.received).toEqual(piled.map((value) => value.slice(0, 2)));
    expect(broker.requests).toBe(5);
  });

  it('a backlog of large messages is sent in order when Kafka takes less than it is known to take', async () => {
    broker.batchMaxBytes = 250_000;
    await commit(undefined, piled);
    await startedRelay();
    await leaves(0);
    expect(once(broker.received)).toEqual(piled.map((value) => value.slice(0, 2)));
    expect(await parked()).toEqual([]);
  });
});

describe('a message that is too large by itself', () => {
  beforeEach(() => {
    broker.batchMaxBytes = 500_000;
  });

  it('a message that is too large is parked with its cause, its key is held in order, and the rest goes on', async () => {
    const relay = await startedRelay(LATER);
    await commit(relay, ['b1', 'a1', large('a2'), 'a3', 'c1']);
    await leaves(2);
    await commit(relay, ['a4', 'b2']);
    await leaves(3);
    expect(once(broker.received).toSorted()).toEqual(['a1', 'b1', 'b2', 'c1']);
    expect(await parked()).toEqual([{ key: 'a', topic: 'counter.events', cause: 'MESSAGE_TOO_LARGE', attempts: 1 }]);
  });

  it('a parked message is sent with all that waited behind it when Kafka takes it', async () => {
    const relay = await startedRelay();
    await commit(relay, [large('a1'), 'a2']);
    await waitUntil('it was retried', async () => (await parked())[0]?.attempts > 2);
    await commit(relay, ['a3', 'b1']);
    broker.batchMaxBytes = 1_000_000;
    await leaves(0);
    await nothingParked();
    await commit(relay, ['a4']);
    await leaves(0);
    expect(once(broker.received).filter((value) => value.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('a parked message is retried at the next start, whenever its retry would be due', async () => {
    const first = await startedRelay(LATER);
    await commit(first, [large('a1'), 'a2']);
    await areParked(1);
    await first.stop(1_000);
    broker.batchMaxBytes = 1_000_000;
    await startedRelay(LATER);
    await leaves(0);
    await nothingParked();
    // A sweep that began before their rows were deleted may send them again: at least once.
    expect(once(broker.received)).toEqual(['a1', 'a2']);
  });

  it('a parked message is not overtaken by what a process that does not know of it commits for its key', async () => {
    const one = await startedRelay(LATER);
    await commit(one, [large('a1')]);
    await areParked(1);
    const other = outbox.relay(broker, { ...QUICK, ...LATER });
    await commit(other, ['a2', 'b1']);
    await leaves(2);
    await commit(other, ['a3']);
    await commit(one, ['a4', 'b2']);
    await leaves(4);
    expect(once(broker.received)).toEqual(['b1', 'b2']);
  });

  it('parked messages do not hide the rows behind them from the sweep, however many are parked', async () => {
    const relay = await startedRelay({ ...LATER, sweepMax: 3, sweepOlderThanMs: 0 });
    for (const key of 'abcdef') await commit(relay, [large(`${key}1`), `${key}2`]);
    await areParked(6);
    await commit(undefined, ['z1']);
    await leaves(12);
    expect(broker.received).toEqual(['z1']);
  });
});

it('more keys than may be held are an outage: nothing more is parked, and the relay reports a failure', async () => {
  broker.refuses = () => ({ of: 'message', code: 'INVALID_RECORD' });
  const relay = await startedRelay({ ...LATER, heldMax: 2 });
  await commit(relay, ['a1', 'b1', 'c1']);
  await waitUntil('it has tried often', () => broker.requests > 10);
  expect(await parked()).toHaveLength(2);
  expect(relay.failingForMs).toBeGreaterThan(0);
  broker.refuses = () => undefined;
  await leaves(2);
  expect(relay.failingForMs).toBe(0);
});

describe('a topic that is gone, or that this service may not write to', () => {
  const gone: Refusal = { of: 'topic', code: 'UNKNOWN_TOPIC_OR_PARTITION' };
  beforeEach(() => {
    broker.refuses = ({ topic }) => (topic === 'van.commands' ? gone : undefined);
  });

  it('messages to a refused topic are parked without a request for each, and other topics go on', async () => {
    await commit(undefined, ['a1', 'b1'], 'studio.commands');
    for (const key of 'abcdefgh') await commit(undefined, [`${key}2`], 'van.commands');
    const relay = await startedRelay(LATER);
    await areParked(8);
    await commit(relay, ['i3', 'j3'], 'counter.commands');
    await leaves(8);
    const before = broker.requests;
    await commit(relay, ['k2'], 'van.commands');
    await areParked(9);
    await commit(relay, ['l3'], 'counter.commands');
    await leaves(9);
    expect(once(broker.received).toSorted()).toEqual(['a1', 'b1', 'i3', 'j3', 'l3']);
    expect(broker.requests - before).toBe(1);
  });

  it('a topic that is there again gets its parked messages, in order', async () => {
    const relay = await startedRelay();
    await commit(relay, ['a1', 'b1'], 'van.commands');
    await areParked(2);
    await commit(relay, ['a2'], 'studio.commands');
    broker.refuses = () => undefined;
    await leaves(0);
    await nothingParked();
    expect(once(broker.received).filter((value) => value.startsWith('a'))).toEqual(['a1', 'a2']);
  });

  it('a retry sends no later message of its key to another topic, though it reads one that its process does not know yet', async () => {
    await commit(undefined, ['a1', 'b1'], 'van.commands');
    await startedRelay();
    await areParked(2);
    await commit(undefined, ['a2'], 'studio.commands');
    const before = broker.requests;
    await waitUntil('the topic was tried again', () => broker.requests > before + 2);
    expect(broker.received).toEqual([]);
    broker.refuses = () => undefined;
    await leaves(0);
    await nothingParked();
    expect(once(broker.received).filter((value) => value.startsWith('a'))).toEqual(['a1', 'a2']);
  });

  it('a message that was in one request with a refused one, to another topic, is written once, and later ones wait', async () => {
    const relay = await startedRelay();
    const [refused, other] = [rowOf('a1', 'van.commands'), rowOf('a2', 'studio.commands')];
    await outbox.commit([refused, other], () => relay);
    await areParked(1);
    await commit(relay, ['a3'], 'studio.commands');
    await commit(relay, ['a4'], 'van.commands');
    const before = broker.requests;
    await waitUntil('the topic was tried again', () => broker.requests > before + 2);
    // Once: a retry sends what was refused by itself.
    expect(broker.received).toEqual(['a2']);
    broker.refuses = () => undefined;
    await leaves(0);
    await nothingParked();
    expect(once(broker.received)).toEqual(['a2', 'a1', 'a3', 'a4']);
  });
});

it('a refusal that may pass is retried before its message is parked', async () => {
  let times = 0;
  broker.refuses = ({ value }) => (value === 'a1' && ++times < 8 ? { of: 'unsure', code: 'UNKNOWN' } : undefined);
  const relay = await startedRelay(LATER);
  await commit(relay, ['a1', 'b1', 'c1']);
  await leaves(0);
  expect(await parked()).toEqual([]);

  broker.refuses = ({ value }) => (value === 'a2' ? { of: 'unsure', code: 'CORRUPT_MESSAGE' } : undefined);
  await commit(relay, ['a2', 'b2']);
  await leaves(1);
  // The next of another key does not wait until it is parked.
  expect(await areParked(1)).toMatchObject([{ key: 'a', cause: 'CORRUPT_MESSAGE' }]);
});
