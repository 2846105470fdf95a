import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTopics, PartitionReader } from '@backstep/kafka';
import { newId } from '@backstep/messages';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';

/**
 * Goal: what an instance of a service that reads no topic has left in its outbox is sent, though no consumer group says by whom, and
 * though nobody writes about the same keys again.
 * Method: instances in processes of their own (the built package), on a real PostgreSQL and Kafka. One cannot reach Kafka, commits, and is
 * killed (kill -9).
 */
const INSTANCE = `
  import { Database, Messaging, PeriodicJobs } from '@backstep/messaging';
  import { catalogue, event } from '@backstep/messages';
  import { emit, UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
  import { Registry } from 'prom-client';
  import { z } from 'zod';

  const { service, url, brokers, loaves } = JSON.parse(process.env.INSTANCE);
  const data = z.object({ loafId: z.uuid(), slice: z.number() });
  const SliceSold = event(service, 'SliceSold', { key: 'loafId', summary: 'A slice is sold.', data });
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
  const lifecycle = { draining: new AbortController().signal, fail: () => process.exit(1) };
  const jobs = new PeriodicJobs(logger, lifecycle.draining);
  const declaration = { service, catalogue: catalogue([SliceSold]), handlers: [], entities: [], migrations: UNIT_OF_WORK_MIGRATIONS };
  const runtime = { database: { url }, kafka: { brokers } };
  const database = await Database.open(runtime.database, declaration, logger);
  const parts = { runtime, database, jobs, lifecycle, logger, metrics: { registry: new Registry(), onScrape: () => {} } };
  const messaging = new Messaging(declaration, [], [], parts);
  const sell = { needs: () => ({}), decide: (slice) => ({ answer: true, changes: [emit(SliceSold, slice)] }) };
  messaging.start();
  messaging.consume();
  for (const slice of [1, 2, 3]) {
    for (const loafId of loaves) await messaging.unitOfWork.request(sell, { loafId, slice });
  }
  console.log('up');
  setInterval(() => {}, 1e6);
`;
const UNREACHABLE = ['127.0.0.1:1'];
const { kafkaBrokers: brokers } = requireInfrastructure();
const service = `bakery-${newId()}`;
const topic = `${service}.events`;
const children: ChildProcess[] = [];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await createTopics(brokers, [{ name: topic, partitions: 4, retentionMs: 3_600_000 }]);
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});
afterAll(() => database.drop());

/** @returns when it has committed that three slices of each loaf are sold */
async function instance(reached: readonly string[], loaves: readonly string[] = []): Promise<ChildProcess> {
  const settings = JSON.stringify({ service, url: database.url, brokers: reached, loaves });
  const child = spawn(process.execPath, ['--input-type=module', '-e', INSTANCE], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', INSTANCE: settings },
  });
  children.push(child);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`)));
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function slicesOf(loaves: readonly string[]): Promise<Map<string, number[]>> {
  const slices = new Map<string, number[]>(loaves.map((loaf) => [loaf, []]));
  const reader = new PartitionReader({ brokers, clientId: 'spec' });
  try {
    for await (const messages of reader.readAll([topic])) {
      for (const { key, value } of messages) {
        slices.get(key ?? '')?.push((JSON.parse(value ?? '') as { slice: number }).slice);
      }
    }
  } finally {
    await reader.disconnect();
  }
  return slices;
}

/** Each loaf's slices, in order; one may come twice, which an inbox drops. */
async function toldInOrder(loaves: readonly string[]): Promise<void> {
  const told = await waitUntil('all slices are told', async () => {
    const slices = await slicesOf(loaves);
    return [...slices.values()].every((some) => new Set(some).size === 3) && slices;
  });
  for (const slices of told.values()) expect([...new Set(slices)]).toEqual([1, 2, 3]);
  const left = async () => (await database.pool.query('SELECT FROM outbox')).rowCount;
  await waitUntil('nothing is left in the outbox', async () => (await left()) === 0);
}

const someLoaves = (): string[] => Array.from({ length: 12 }, () => newId());

describe('what a killed instance of a service that only publishes has left', () => {
  it('is sent when it is started again, without another write', async () => {
    const loaves = someLoaves();
    await kill(await instance(UNREACHABLE, loaves));
    await instance(brokers);
    await toldInOrder(loaves);
  });

  it('is sent by another instance, also what is in shards that the killed one owned', async () => {
    const loaves = someLoaves();
    const killed = await instance(UNREACHABLE, loaves);
    await instance(brokers);
    await kill(killed);
    await toldInOrder(loaves);
  });
});
