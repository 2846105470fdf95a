import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { translate, type Executor } from '@backstep/concurrency';
import { waitUntil, type TestDatabase } from '@backstep/testing';
import { DEFAULT_RELAY_LIMITS, type OutboxMessage, type OutboxRelay, type Publisher } from './index.js';
import { aRow, outboxOnPostgres } from './outbox.fixture.spec.js';

/**
 * Goal: every committed message reaches Kafka, in the order of its key, whatever fails on the way; and nothing grows without bound.
 * Method: the relay on a real PostgreSQL. Its broker can be away or slow. Its statements can be held, so that a spec can act between a read
 * and its result.
 */
class Broker implements Publisher {
  readonly received: string[] = [];
  requests = 0;
  private away = false;
  private gate: Promise<void> = Promise.resolve();

  async publish(messages: readonly { readonly value: string }[]): Promise<void> {
    this.requests++;
    await this.gate;
    if (this.away) throw new Error('the broker is away');
    this.received.push(...messages.map(({ value }) => value));
  }
  goesAway(): void {
    this.away = true;
  }
  comesBack(): void {
    this.away = false;
  }
  /** No acknowledgement until the returned function is called. */
  hangs(): () => void {
    const { open, gate } = closedGate();
    this.gate = gate;
    return open;
  }
}

function closedGate(): { gate: Promise<void>; open: () => void } {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

/** The database, whose reads of the outbox can fail, begin late, or answer late. */
class Statements implements Executor {
  readsFail = false;
  deletesFail = false;
  reads = 0;
  private before: Promise<void> = Promise.resolve();
  private gate: Promise<void> = Promise.resolve();

  async query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    if (text.includes('DELETE') && this.deletesFail) return database.pool.query('SELECT 1 FROM not_there');
    if (!text.includes('ORDER BY seq')) return database.pool.query(text, values);
    this.reads++;
    await this.before;
    if (this.readsFail) return brokenConnection();
    const result = await database.pool.query(text, values);
    await this.gate;
    return result;
  }
  /** Reads reach the database only when the returned function is called. */
  readsBeginLate(): () => void {
    const { open, gate } = closedGate();
    this.before = gate;
    return open;
  }
  /** Reads see the present state, but their answer comes only when the returned function is called. */
  readsAreLate(): () => void {
    const { open, gate } = closedGate();
    this.gate = gate;
    return open;
  }
}

async function brokenConnection(): Promise<{ rows: unknown[] }> {
  const client = await database.pool.connect();
  client.on('error', () => client.release(true));
  return client.query('SELECT pg_terminate_backend(pg_backend_pid())');
}

let outbox: Awaited<ReturnType<typeof outboxOnPostgres>>;
let database: TestDatabase;
let broker: Broker;
let statements: Statements;

beforeAll(async () => {
  outbox = await outboxOnPostgres();
  database = outbox.database;
});
afterAll(() => outbox.close());

beforeEach(async () => {
  await outbox.reset();
  broker = new Broker();
  statements = new Statements();
});

const QUICK = { ...DEFAULT_RELAY_LIMITS, flushAfterMs: 5, retry: { baseMs: 1, capMs: 5 } };

const startedRelay = (limits: Partial<typeof QUICK> = {}): OutboxRelay =>
  outbox.relay(broker, { ...QUICK, ...limits }, statements);

/** Commits messages, as the unit of work does; then hands them over, unless the process dies in between. */
async function commit(relay: OutboxRelay | undefined, values: readonly string[], shard = 0): Promise<OutboxMessage[]> {
  const rows = values.map((value) => aRow(value, { shard, headers: { ce_id: value } }));
  await outbox.commit(rows, () => relay);
  return rows;
}

const left = (): Promise<number> => outbox.left();
const emptied = () => waitUntil('the outbox is empty', async () => (await left()) === 0);

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
