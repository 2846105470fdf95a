import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { OutboxRelay, DEFAULT_RELAY_LIMITS, type Express, type OutboxMessage, type Publisher } from './index.js';
import { aRow, outboxOnPostgres } from './outbox.fixture.spec.js';

/**
 * Goal: what was handed over by express is sent together, a little later; what anybody waits for by Kafka is sent at once, and nothing overtakes.
 * Method: the relay on a real PostgreSQL, with an express that takes what the spec says.
 */
let outbox: Awaited<ReturnType<typeof outboxOnPostgres>>;
beforeAll(async () => {
  outbox = await outboxOnPostgres();
});
afterAll(() => outbox.close());

const requests: string[][] = [];
const publisher: Publisher = {
  publish: (messages) => {
    requests.push(messages.map(({ value }) => value));
    return Promise.resolve();
  },
};

class Hand implements Express {
  readonly offered: string[] = [];
  readonly skipped: string[] = [];
  takes = true;
  hurry: () => void = () => undefined;
  offer({ value }: OutboxMessage) {
    this.offered.push(value);
    return this.takes ? ('handed-over' as const) : ('waits-for-kafka' as const);
  }
  skip({ value }: OutboxMessage): void {
    this.skipped.push(value);
  }
  onHurry(hurry: () => void): void {
    this.hurry = hurry;
  }
}

/** Longer than a spec may take: what lingers for its whole time fails the spec. */
const LONG_MS = 60_000;
let express: Hand;
let relay: OutboxRelay;

function relayWith(lingerMs: number, limits = DEFAULT_RELAY_LIMITS): OutboxRelay {
  express = new Hand();
  relay = new OutboxRelay(outbox.executor, publisher, limits, {}, { express, lingerMs });
  return relay;
}

const commit = (...rows: OutboxMessage[]) => outbox.commit(rows, () => relay);

/** Owns the shard, and has begun it: the first message goes by Kafka alone. */
async function owning(lingerMs: number): Promise<void> {
  relayWith(lingerMs);
  await relay.own([0]);
  await commit(aRow('x0'));
  await waitUntil('the first is sent', () => requests.length === 1);
  requests.length = 0;
}

beforeEach(async () => {
  await relay?.stop(0);
  await outbox.reset();
  requests.length = 0;
});
afterAll(() => relay.stop(0));

describe('a relay with express', () => {
  it('a relay with express sends what was handed over in one request, after the linger', async () => {
    await owning(50);
    const rows = [aRow('a1'), aRow('b1'), aRow('a2')];
    await outbox.commit(rows, () => undefined);
    // Three writes, in one turn: on a busy machine three commits take longer than they linger.
    for (const row of rows) relay.committed({ sent: [row], unsentPredecessors: [], deleted: [] });
    await waitUntil('they are sent', () => requests.flat().length === 3);
    expect(requests).toEqual([['a1', 'b1', 'a2']]);
    expect(express.offered).toEqual(['a1', 'b1', 'a2']);
  });

  it('a relay with express sends at once what anybody waits for, and all before it, in order', async () => {
    await owning(LONG_MS);
    await commit(aRow('a1'));
    express.takes = false;
    await commit(aRow('b1'));
    await waitUntil('they are sent', () => requests.flat().length === 2);
    expect(requests.flat()).toEqual(['a1', 'b1']);
  });

  it('a relay with express sends at once what lingers when a reader tells later that it waits for Kafka', async () => {
    await owning(LONG_MS);
    express.hurry();
    await commit(aRow('a1'));
    await commit(aRow('b1'));
    expect(requests).toEqual([]);
    express.hurry();
    await waitUntil('they are sent', () => requests.flat().length === 2);
  });

  it('a relay with express lets the first message of a shard that it got go by Kafka alone', async () => {
    relayWith(LONG_MS);
    await relay.own([0]);
    await commit(aRow('a1'));
    await commit(aRow('a2'));
    expect(express).toMatchObject({ skipped: ['a1'], offered: ['a2'] });
    await relay.own([0]);
    await commit(aRow('a3'));
    expect(express.skipped).toEqual(['a1', 'a3']);
  });

  it('a relay with express hands over nothing of a shard that is not its own, or may be another\u2019s by now', async () => {
    relayWith(LONG_MS);
    let isOwner = true;
    await relay.own([1], () => isOwner);
    await commit(aRow('a1'));
    await commit(aRow('b1', { shard: 1 }), aRow('b2', { shard: 1 }));
    isOwner = false;
    await commit(aRow('b3', { shard: 1 }));
    expect(express).toMatchObject({ skipped: ['b1'], offered: ['b2'] });
    await waitUntil('all are sent', () => requests.flat().length === 4);
  });

  it('a relay with express lets a message go by Kafka alone whose predecessor it does not know', async () => {
    await owning(LONG_MS);
    await outbox.commit([aRow('a1')], () => undefined);
    await commit(aRow('a2'));
    await waitUntil('both are sent', () => requests.flat().length === 2);
    expect(requests.flat()).toEqual(['a1', 'a2']);
    expect(express.offered).toEqual([]);
    expect(express.skipped).toEqual(['x0', 'a2', 'a1']);
  });

  it('a relay with express sends what lingers before its shards are given up', async () => {
    await owning(LONG_MS);
    await commit(aRow('a1'));
    expect(requests).toEqual([]);
    await relay.drained();
    expect(requests).toEqual([['a1']]);
  });

  it('a relay with express keeps the sent rows of shards of others for their time, whatever is written meanwhile', async () => {
    relayWith(LONG_MS, { ...DEFAULT_RELAY_LIMITS, flushAfterMs: LONG_MS, flushForeignAfterMs: LONG_MS });
    await relay.own([1]);
    const own = aRow('b1', { shard: 1 });
    await commit(aRow('a1'), own);
    await waitUntil('both are sent', () => requests.flat().length === 2);
    // What the next write would delete.
    let taken: string[] = [];
    await waitUntil('a row is acknowledged', () => (taken = relay.takeAcknowledged()).length > 0);
    expect(taken).toEqual([own.id]);
  });

  it('a relay with express deletes the sent rows of shards of others when their time is over', async () => {
    relayWith(LONG_MS, { ...DEFAULT_RELAY_LIMITS, flushForeignAfterMs: 5 });
    await relay.own([1]);
    await commit(aRow('a1'));
    await waitUntil('its row is deleted', async () => (await outbox.left()) === 0);
  });

  it('a relay with express sends messages that memory had no room for', async () => {
    relayWith(LONG_MS, { ...DEFAULT_RELAY_LIMITS, pendingMax: 2 });
    await relay.own([0]);
    await commit(aRow('a1'), aRow('a2'));
    await commit(aRow('b1'), aRow('b2'));
    await waitUntil('all are sent', () => requests.flat().length === 4);
    expect(requests.flat()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });
});
