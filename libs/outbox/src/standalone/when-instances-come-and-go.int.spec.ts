import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { STANDALONE_SHARDS } from '../index.js';
import { Broker, standalone, UNSWEPT } from './standalone.fixture.spec.js';

/**
 * Goal: each shard of an outbox without a consumer group has one owner, whichever instances there are, and messages that a dead instance left
 * are sent by another.
 * Method: instances on a real PostgreSQL, which lists the holders of locks. An instance dies when PostgreSQL ends its connections.
 */
let system: Awaited<ReturnType<typeof standalone>>;
beforeAll(async () => {
  system = await standalone();
});
afterEach(() => system.reset());
afterAll(() => system.close());

const QUICK = { ...UNSWEPT, ownEveryMs: 30 };
/** Keys of all shards. */
const VALUES = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', (key) => `${key}1`);

/** Each shard has one owner, each instance owns its share or less. */
const shared = (instances: number) =>
  waitUntil(`all shards are owned, by ${instances}`, async () => {
    const owners = await system.owners();
    const owned = owners.flatMap(({ shards }) => shards);
    expect(new Set(owned).size).toBe(owned.length);
    const most = Math.ceil(STANDALONE_SHARDS / instances);
    return owned.length === STANDALONE_SHARDS && owners.every(({ shards }) => shards.length <= most);
  });

describe('the shards', () => {
  it('the first instance owns all shards, others share them as they come and go, and none has two owners', async () => {
    const first = await system.instance(new Broker(), QUICK);
    expect(await system.owners()).toMatchObject([
      { shards: Array.from({ length: STANDALONE_SHARDS }, (_, shard) => shard) },
    ]);
    const others = [await system.instance(new Broker(), QUICK), await system.instance(new Broker(), QUICK)];
    await shared(3);
    await others[0]?.outbox.stop();
    await shared(2);
    await first.outbox.stop();
    await shared(1);
  });

  it('two outboxes in one database have separate locks: a lock is that of its table', async () => {
    const { database } = system;
    await system.instance(new Broker(), QUICK);
    const client = await database.pool.connect();
    try {
      await client.query('CREATE SCHEMA other; SET search_path = other; CREATE TABLE outbox (id uuid)');
      const { rows } = await client.query(`SELECT pg_try_advisory_xact_lock('outbox'::regclass::oid::int, 0) AS free`);
      expect(rows).toEqual([{ free: true }]);
    } finally {
      client.release(true);
      await database.pool.query('DROP SCHEMA other CASCADE');
    }
  });
});

describe('an instance that is killed with committed messages unsent', () => {
  it('a killed instance loses its shards at once, and another sends what it left, in order', async () => {
    const deaf = new Broker();
    deaf.fallsSilent();
    const dying = await system.instance(deaf, { ...QUICK, ownEveryMs: 60_000 }, 'dying');
    const broker = new Broker();
    const alive = await system.instance(broker, QUICK);
    await dying.commit(...VALUES);
    await dying.commit(...VALUES.map((value) => `${value}2`));
    expect(await system.left()).toBe(2 * VALUES.length);
    await system.kill('dying');
    await system.reaches(broker, 2 * VALUES.length);
    for (const value of VALUES) {
      const key = value.slice(0, 1);
      expect(broker.values.filter((sent) => sent.startsWith(key))).toEqual([value, `${value}2`]);
    }
    await waitUntil('nothing is left', async () => (await system.left()) === 0);
    expect(alive.failures).toEqual([]);
  });

  it('an instance that only lost its connections takes its share again and goes on sending', async () => {
    const broker = new Broker();
    const hurt = await system.instance(broker, QUICK, 'hurt');
    await system.instance(broker, QUICK);
    await shared(2);
    await system.kill('hurt');
    await waitUntil('it has seen that', () => hurt.failures.includes('own'));
    await shared(2);
    await hurt.commit('a1');
    await system.reaches(broker, 1);
  });
});

it('an instance that is frozen has its session ended by PostgreSQL, and another takes its shards', async () => {
  // The frozen instance takes its locks when it starts, and sends no further statement.
  await system.instance(new Broker(), { ...UNSWEPT, ownEveryMs: 60_000, ownSilentMs: 300 }, 'frozen');
  expect(await system.owners()).toMatchObject([{ name: 'frozen' }]);
  await system.instance(new Broker(), QUICK, 'awake');
  await waitUntil('the other owns all shards', async () => {
    const [first, ...others] = await system.owners();
    return first?.name === 'awake' && first.shards.length === STANDALONE_SHARDS && others.length === 0;
  });
});

it('an instance that cannot reach Kafka keeps its shards, and shares them when others come', async () => {
  const away = new Broker();
  away.goesAway();
  const { commit } = await system.instance(away, QUICK);
  await commit(...VALUES);
  const broker = new Broker();
  await system.instance(broker, QUICK);
  await shared(2);
  await waitUntil('the other sends what is in its shards', () => broker.values.length > 0);
  away.comesBack();
  await waitUntil('nothing is left', async () => (await system.left()) === 0);
  expect(new Set([...away.values, ...broker.values])).toEqual(new Set(VALUES));
});

it('an instance without Kafka for too long leaves its shards and messages to others, until Kafka is back', async () => {
  const away = new Broker();
  away.goesAway();
  const { commit } = await system.instance(away, { ...QUICK, ownFailingMs: 50 }, 'cut off');
  const broker = new Broker();
  await system.instance(broker, QUICK);
  await commit(...VALUES);
  await commit(...VALUES.map((value) => `${value}2`));
  await system.reaches(broker, 2 * VALUES.length);
  for (const value of VALUES) {
    expect(broker.values.filter((sent) => sent.startsWith(value.slice(0, 1)))).toEqual([value, `${value}2`]);
  }
  expect((await system.owners()).map(({ name }) => name)).not.toContain('cut off');
  away.comesBack();
  await shared(2);
});
