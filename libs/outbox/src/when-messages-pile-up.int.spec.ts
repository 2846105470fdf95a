import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ASSERT_ROWS_SQL, write, type Executor } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import {
  DEFAULT_RELAY_LIMITS,
  OUTBOX_PARKED_SQL,
  OUTBOX_SQL,
  outboxBacklog,
  outboxPart,
  OutboxRelay,
  type OutboxMessage,
} from './index.js';

/**
 * Goal: the table holds only unacknowledged messages, however many go through it and however often processes die. A message that was never
 * sent stays, however old it grows. Method: many short-lived relays on a real PostgreSQL.
 */
let database: TestDatabase;
let executor: Executor;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`${ASSERT_ROWS_SQL};${OUTBOX_SQL}${OUTBOX_PARKED_SQL}`);
  executor = database.pool as unknown as Executor;
});
afterAll(() => database.drop());

const messages = (count: number): OutboxMessage[] =>
  Array.from({ length: count }, () => ({
    ...{ id: newId(), shard: 0, topic: 'counter.events', key: 'k', headers: {}, value: '{}', bytes: 100 },
  }));
const commit = (committed: readonly OutboxMessage[]) => write(executor, [outboxPart(committed)]);
const unpublished = async (): Promise<number> => (await outboxBacklog(executor)).unpublished;

it('rows of processes that died, before or after the acknowledgement, are sent again and deleted', async () => {
  const sent = new Set<string>();
  const PROCESSES = 20;
  const EACH = 500;
  for (let life = 0; life < PROCESSES; life += 1) {
    // The process died after the commit: some messages may have been acknowledged, and no row was deleted.
    const left = messages(EACH);
    await commit(left);
    const heir = new OutboxRelay(executor, {
      publish: async (batch) => batch.forEach((message) => sent.add((message as OutboxMessage).id)),
    });
    await heir.own([0]);
    await heir.drained();
    await heir.stop(1_000);
    expect(left.every(({ id }) => sent.has(id))).toBe(true);
    expect(await unpublished()).toBe(0);
  }
  expect(sent.size).toBe(PROCESSES * EACH);
});

it('a row that cannot be sent is never deleted, however old, and is deleted once it is sent', async () => {
  let away = true;
  const relay = new OutboxRelay(
    executor,
    { publish: () => (away ? Promise.reject(new Error('away')) : Promise.resolve()) },
    { ...DEFAULT_RELAY_LIMITS, sweepEveryMs: 5, sweepOlderThanMs: 0, retry: { baseMs: 1, capMs: 5 }, flushAfterMs: 5 },
  );
  await commit(messages(50));
  await database.pool.query(`UPDATE outbox SET created_at = now() - interval '1 year'`);
  await relay.own([0]);
  relay.start();
  await commit(messages(5));
  expect(await unpublished()).toBe(55);
  away = false;
  await waitUntil('all are sent and deleted', async () => (await unpublished()) === 0);
  await relay.stop(1_000);
});
