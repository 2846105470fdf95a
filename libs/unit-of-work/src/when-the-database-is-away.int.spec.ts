import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { armPausePoints } from '@backstep/resilience';
import { DatabaseUnavailableError } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import { delivered, reserve, take, tinyKitchen, type InstanceOptions } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: an outage parks nothing, loses nothing and counts nothing twice. Its error is retryable, and delivering again is enough.
 * Method: a real PostgreSQL whose connections are ended, refused, made read-only or kept waiting, at named moments of a batch.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(async () => {
  for (const release of holding.splice(0)) await release();
  await kitchen.reset();
});
const holding: (() => Promise<void>)[] = [];

/** Nobody listens on port 1. */
const NOBODY = 'postgres://x:y@127.0.0.1:1/z';

/** Ends all connections of the instance. @returns how many. */
async function endConnections(): Promise<number> {
  const { rows } = await kitchen.database.pool.query<{ n: number }>(
    `SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'away'`,
  );
  return rows[0]?.n ?? 0;
}

const instance = (options: InstanceOptions = {}) =>
  kitchen.instance({ pool: kitchen.ownPool({ application_name: 'away', max: 1 }), ...options });

/** Locks every supply, so that a batch hangs at its read or its write. */
async function heldRows(): Promise<() => Promise<void>> {
  const client = await kitchen.database.pool.connect();
  await client.query('BEGIN; UPDATE supply SET version = version');
  const release = async (): Promise<void> => {
    await client.query('COMMIT');
    client.release();
    holding.splice(holding.indexOf(release), 1);
  };
  holding.push(release);
  return release;
}

const hanging = () =>
  waitUntil('the batch waits for its rows', async () => {
    const { rows } = await kitchen.database.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'away' AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.n === 1;
  });

const retryably = { name: 'DatabaseUnavailableError', retryable: true };
const nothingDone = async (): Promise<void> => {
  expect([await kitchen.left('flour'), await kitchen.count('inbox'), await kitchen.count('parked_message')]).toEqual([
    100, 0, 0,
  ]);
};

describe('messages', () => {
  it.each([
    ['is optimistic', 3],
    ['takes its rows with locks', 0],
  ])(
    'messages whose connection ends while the batch %s are delivered again and count once',
    async (_, optimisticTries) => {
      const { consumer } = instance({ optimisticTries });
      const batch = Array.from({ length: 3 }, () => delivered(reserve('flour', 1)));
      const release = await heldRows();
      const first = consumer.deliver(batch);
      const outcome = expect(first).rejects.toMatchObject(retryably);
      await hanging();
      expect(await endConnections()).toBeGreaterThan(0);
      await outcome;
      await release();
      await nothingDone();
      await consumer.deliver(batch);
      expect(await kitchen.left('flour')).toBe(97);
    },
  );

  it('messages whose connection falls silent during a batch are delivered again on another and count once', async () => {
    const { consumer } = instance({
      pool: kitchen.ownPool({ application_name: 'away', max: 1, query_timeout: 300 }),
    });
    const batch = [delivered(reserve('flour', 1))];
    const release = await heldRows();
    await expect(consumer.deliver(batch)).rejects.toMatchObject(retryably);
    await release();
    await waitUntil('it counts', async () => {
      await consumer.deliver(batch).catch(() => undefined);
      return (await kitchen.left('flour')) === 99;
    });
    expect(await kitchen.count('inbox')).toBe(1);
  });

  it('messages that one instance has committed and another gets again count once', async () => {
    const { consumer, relay } = instance();
    const batch = [delivered(reserve('flour', 1))];
    await consumer.deliver(batch);
    await relay.stop(1_000);
    kitchen.published.length = 0;
    await expect(instance().consumer.deliver(batch)).resolves.toBeUndefined();
    expect(await kitchen.left('flour')).toBe(99);
    expect(kitchen.published).toEqual([]);
  });

  it('messages are given back as retryable when no connection can be opened', async () => {
    const pool = kitchen.ownPool({ connectionString: NOBODY });
    await expect(instance({ pool }).consumer.deliver([delivered(reserve('flour', 1))])).rejects.toMatchObject(
      retryably,
    );
    await nothingDone();
  });

  it('messages are given back as retryable when the database is read-only, as after a failover', async () => {
    const { consumer } = instance({ pool: kitchen.ownPool({ options: '-c default_transaction_read_only=on' }) });
    await expect(consumer.deliver([delivered(reserve('flour', 1))])).rejects.toMatchObject(retryably);
    await nothingDone();
  });

  it('a poisoned message that could not be parked during an outage is parked after it', async () => {
    const { consumer, unitOfWork } = instance();
    const poison = delivered(reserve('poison', 1));
    const lot = await kitchen.database.pool.connect();
    const lock = 'BEGIN; LOCK TABLE parked_message';
    armPausePoints(async (name) => void (name === 'batch.parking' && (await lot.query(lock))));
    const outcome = expect(consumer.deliver([poison])).rejects.toMatchObject(retryably);
    await hanging();
    armPausePoints(undefined);
    await endConnections();
    await outcome;
    await lot.query('COMMIT');
    lot.release();
    expect(await kitchen.count('parked_message')).toBe(0);
    await consumer.deliver([poison]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
  });
});

describe('a request', () => {
  it('a request fails with DatabaseUnavailableError when its connection ends, and the next one is answered', async () => {
    const { unitOfWork } = instance();
    const release = await heldRows();
    const outcome = expect(unitOfWork.request(take, 'flour')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await hanging();
    await endConnections();
    await outcome;
    await release();
    expect(await unitOfWork.request(take, 'flour')).toBe(99);
  });

  it('every waiting request is rejected when no connection can be opened', async () => {
    const pool = kitchen.ownPool({ connectionString: NOBODY });
    const { unitOfWork } = instance({ pool, batchMax: 4 });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => unitOfWork.request(take, 'flour')));
    expect(outcomes.map(({ status }) => status)).toEqual(Array<string>(10).fill('rejected'));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: retryably });
  });
});
