import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Version } from '@backstep/concurrency';
import { createTopics, GroupPositions, KafkaPublisher } from '@backstep/kafka';
import { catalogue, command, newId, type WireMessage } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { Handles, insert, one, UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Database } from '../database.js';
import { gaugesOf, type MessagingLogger } from '../host.js';
import { Messaging } from '../messaging.js';
import { PeriodicJobs } from '../periodic-jobs.js';
import { topicsRead } from '../topics-read.js';
import { Standing } from '../standing.js';
import { evidenceOf, groupStandingOf } from './evidence-of.js';
import { type Evidence, EVIDENCE_MAX } from './evidence.js';
import type { GroupStanding } from './group-standing.js';

/**
 * Goal: of a key everything is told that its service knows, and nothing of another key; what Kafka does not say is missing, and the rest is told.
 * Method: an oven that bakes loaves, on a real PostgreSQL and Kafka. Messages are sent twice, broken, and left in the outbox.
 */
const { kafkaBrokers: brokers } = requireInfrastructure();
const service = `oven-${newId()}`;
const BakeLoaf = command(service, 'BakeLoaf', {
  key: 'loafId',
  summary: 'A loaf is to be baked.',
  data: z.object({ loafId: z.uuid() }),
});

@Entity('loaf')
class Loaf {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') state!: string;
  @Version() version!: number;
}
class Loaves1700000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE loaf (id uuid PRIMARY KEY, state text NOT NULL, version bigint NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE loaf');
  }
}
@Handles(BakeLoaf)
class BakeLoafHandler {
  needs({ data }: { data: { loafId: string } }) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide({ data }: { data: { loafId: string } }) {
    return [insert(Loaf, { id: data.loafId, state: 'baking' })];
  }
}

const LOAVES = `SELECT 'loaf' AS "table", id::text AS key, version::float8 AS version, state FROM loaf WHERE id = $1 LIMIT $2`;
const TIMERS = `
  SELECT 'done' AS name, id::text AS of, 1767225600000::float8 AS "dueAt", 1767225601000::float8 AS "wakeAt", 1 AS failures
  FROM loaf WHERE id = $1 LIMIT $2`;
const declaration = {
  service,
  catalogue: catalogue([BakeLoaf]),
  handlers: [BakeLoafHandler],
  entities: [Loaf],
  migrations: [...UNIT_OF_WORK_MIGRATIONS, Loaves1700000000900],
  evidence: { keys: 'uuid', rows: [LOAVES], timers: TIMERS } as const,
};
const ignore = (): void => undefined;
const logger: MessagingLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const draining = new AbortController();
const jobs = new PeriodicJobs(logger, draining.signal);
const runtime = { kafka: { brokers } };
let database: TestDatabase;
let opened: Database;
let messaging: Messaging;
let publisher: KafkaPublisher;
let evidence: Evidence;
let group: GroupStanding;
const topics = topicsRead(service, declaration.handlers, declaration.catalogue);

beforeAll(async () => {
  database = await createTestDatabase();
  await createTopics(brokers, [{ name: BakeLoaf.topic, partitions: 4, retentionMs: 3_600_000 }]);
  const withDatabase = { ...runtime, database: { url: database.url } };
  opened = await Database.open(withDatabase.database, declaration, logger);
  const lifecycle = { draining: draining.signal, fail: ignore };
  const parts = {
    runtime: withDatabase,
    database: opened,
    jobs,
    lifecycle,
    logger,
    metrics: gaugesOf(undefined, jobs),
  };
  messaging = new Messaging(declaration, topics, [new BakeLoafHandler()], parts);
  messaging.start();
  messaging.consume();
  publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
  group = groupStandingOf(declaration, topics, runtime.kafka, logger);
  evidence = evidenceOf(declaration, opened, messaging, group);
});
afterAll(async () => {
  await group.close();
  await publisher.disconnect();
  await messaging.stopConsuming();
  jobs.stop();
  await messaging.stop();
  await opened.close();
  await database.drop();
});

const wire = (loafId: string): WireMessage => declaration.catalogue.encode(aMessage(BakeLoaf, { loafId }));
const idOf = ({ headers }: WireMessage): string => headers['ce_id'] ?? '';
const baked = (loafId: string): Promise<unknown> =>
  waitUntil('the loaf is baking', async () => (await evidence.of(loafId, [])).rows.length === 1);

describe('the evidence of a key', () => {
  it('the evidence has inbox, rows, timers and how far the group has read, and nothing of another key', async () => {
    const [loaf, other] = [newId(), newId()];
    const [message, another] = [wire(loaf), wire(other)];
    await publisher.publish([message, another]);
    await Promise.all([baked(loaf), baked(other)]);
    const found = await waitUntil('the offset is committed', async () => {
      const now = await evidence.of(loaf, [idOf(message), newId()]);
      return now.group?.positions[0]?.committed != null && now;
    });
    expect(found).toEqual({
      inbox: [{ messageId: idOf(message), receivedAt: expect.stringMatching(/^\d{4}-.*Z$/) }],
      dropped: [],
      outbox: [],
      parked: [],
      rows: [{ table: 'loaf', key: loaf, version: 1, state: 'baking' }],
      timers: [
        {
          ...{ name: 'done', of: loaf, failures: 1 },
          ...{ dueAt: '2026-01-01T00:00:00.000Z', wakeAt: '2026-01-01T00:00:01.000Z' },
        },
      ],
      group: {
        id: service,
        positions: [
          { topic: BakeLoaf.topic, partition: expect.any(Number), committed: expect.stringMatching(/^\d+$/) },
        ],
      },
      truncated: [],
    });
  });

  it('the evidence has each duplicate that was dropped, with its place: of the inbox, and of the same batch', async () => {
    const loaf = newId();
    const message = wire(loaf);
    await publisher.publish([message, message]);
    await baked(loaf);
    await publisher.publish([message]);
    const dropped = await waitUntil('both are dropped', async () => {
      const { dropped: all } = await evidence.of(loaf, []);
      return all.length === 2 && all;
    });
    const places = dropped.map(({ messageId, topic, offset }) => [messageId, topic, typeof offset]);
    expect(places).toEqual([1, 2].map(() => [idOf(message), BakeLoaf.topic, 'string']));
    expect(new Set(dropped.map(({ offset }) => offset)).size).toBe(2);
    // Of another key, by the id alone.
    expect((await evidence.of(newId(), [idOf(message).toUpperCase()])).dropped).toEqual(dropped);
    expect((await evidence.of(newId(), [])).dropped).toEqual([]);
  });

  it('the evidence has what is parked, without what it says, and what waits in the outbox', async () => {
    const loaf = newId();
    const broken = { ...wire(loaf), value: '{"secret' };
    await publisher.publish([broken]);
    const { parked } = await waitUntil('it is parked', async () => {
      const found = await evidence.of(loaf, []);
      return found.parked.length === 1 && found;
    });
    expect(parked).toMatchObject([{ id: idOf(broken), type: 'BakeLoaf', state: 'poisoned', cause: 'bad_json' }]);
    expect(JSON.stringify(parked)).not.toContain('secret');
    const unsent = newId();
    await database.pool.query(
      `INSERT INTO outbox (id, shard, topic, key, headers, value) VALUES ($1, 99, 'elsewhere', $2, '{"ce_type":"LoafBaked"}', '{}')`,
      [unsent, loaf],
    );
    const outbox = [{ id: unsent, topic: 'elsewhere', type: 'LoafBaked', createdAt: expect.any(String) }];
    expect((await evidence.of(loaf, [])).outbox).toEqual(outbox);
    await database.pool.query('DELETE FROM outbox WHERE id = $1', [unsent]);
  });

  it('a list of the evidence that is too long is cut, and named', async () => {
    const loaf = newId();
    await database.pool.query(
      `INSERT INTO outbox (id, shard, topic, key, headers, value)
       SELECT gen_random_uuid(), 99, 'elsewhere', $1, '{}', '{}' FROM generate_series(1, $2::int)`,
      [loaf, EVIDENCE_MAX + 1],
    );
    const { outbox, truncated } = await evidence.of(loaf, []);
    expect([outbox.length, truncated]).toEqual([EVIDENCE_MAX, ['outbox']]);
    await database.pool.query('DELETE FROM outbox WHERE key = $1', [loaf]);
  });

  it('a key that is none of the rows has no rows', async () => {
    expect(await evidence.of('no-uuid', [])).toMatchObject({ rows: [], timers: [], parked: [] });
  });

  it('the evidence is told without the group while Kafka does not answer', async () => {
    const loaf = newId();
    await publisher.publish([wire(loaf)]);
    await baked(loaf);
    const away = groupStandingOf(declaration, topics, { brokers: ['127.0.0.1:1'] }, logger);
    const alone = evidenceOf(declaration, opened, messaging, away);
    expect(await alone.of(loaf, [])).toMatchObject({ rows: [{ key: loaf }], group: null });
    await away.close();
  });

  it('the statements of the evidence can write nothing', async () => {
    const writes = {
      ...declaration,
      evidence: { rows: [`DELETE FROM loaf WHERE id::text = $1 AND $2 > 0 RETURNING 1`] },
    };
    const writing = evidenceOf(writes, opened, messaging, group);
    const loaf = newId();
    await publisher.publish([wire(loaf)]);
    await baked(loaf);
    // Its kit takes a database that refuses all writes for one that is being replaced.
    await expect(writing.of(loaf, [])).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
    expect((await evidence.of(loaf, [])).rows).toHaveLength(1);
  });
});

describe('the positions of a group', () => {
  it('a group that has committed nothing has no position', async () => {
    const positions = new GroupPositions({ brokers, clientId: 'spec' }, `nobody-${newId()}`);
    expect(await positions.at([BakeLoaf.topic], 3)).toEqual([{ topic: BakeLoaf.topic, partition: 3, committed: null }]);
    expect(await positions.at([], 3)).toEqual([]);
    await positions.disconnect();
  });
});

describe('the standing of a service', () => {
  it('the standing counts what is parked and unsent, and has the group in all partitions', async () => {
    const standing = new Standing(opened.dataSource, group);
    const before = await standing.now();
    expect(before.group?.positions.map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3]);
    const loaf = newId();
    await database.pool.query(
      `INSERT INTO outbox (id, shard, topic, key, headers, value, created_at)
       VALUES (gen_random_uuid(), 99, 'elsewhere', $1, '{}', '{}', now() - interval '1 minute')`,
      [loaf],
    );
    await publisher.publish([{ ...wire(loaf), value: '{' }, wire(loaf)]);
    const { parked } = await waitUntil('both are parked', async () => {
      const now = await standing.now();
      return now.parked.held === before.parked.held + 1 && now;
    });
    expect(parked.poisoned).toBe(before.parked.poisoned + 1);
    const { outbox } = await standing.now();
    expect([outbox.unpublished, outbox.oldestAgeMs > 59_000]).toEqual([before.outbox.unpublished + 1, true]);
    await database.pool.query('DELETE FROM outbox WHERE key = $1', [loaf]);
  });
});
