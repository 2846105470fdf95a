import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTopics } from '@backstep/kafka';
import { catalogue, event, newId, type MessageDefinition } from '@backstep/messages';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { emit, Handles, UNIT_OF_WORK_MIGRATIONS, type RequestHandler } from '@backstep/unit-of-work';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { Database } from './database.js';
import { gaugesOf, type MessagingLogger } from './host.js';
import { Messaging } from './messaging.js';
import { PeriodicJobs } from './periodic-jobs.js';
import { topicsRead } from './topics-read.js';

/**
 * Goal: a topic with another number of partitions than a service declares ends the service at its start, whether it reads the topic or writes
 * to it: a key would be in another partition than its outbox shard says.
 * Method: messaging on a real PostgreSQL and Kafka, with a lifecycle that writes down why the process was to end.
 */
const { kafkaBrokers: brokers } = requireInfrastructure();
const logger: MessagingLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
let database: TestDatabase;
let started: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const { stop } of started) await stop();
  started = [];
});
afterAll(() => database.drop());

/** Topics of services whose names are made up. */
async function baked(partitions: number): Promise<{ LoafBaked: MessageDefinition; service: string }> {
  const service = `oven-${newId()}`;
  const data = z.object({ loafId: z.uuid() });
  const LoafBaked = event(service, 'LoafBaked', { key: 'loafId', summary: 'It is baked.', data });
  await createTopics(brokers, [{ name: LoafBaked.topic, partitions, retentionMs: 3_600_000 }]);
  return { LoafBaked, service };
}

async function start(service: string, messages: readonly MessageDefinition[], handlers: readonly Type[]) {
  const failures: string[] = [];
  const draining = new AbortController();
  const lifecycle = { draining: draining.signal, fail: (reason: string) => void failures.push(reason) };
  const jobs = new PeriodicJobs(logger, draining.signal);
  const migrations = [...UNIT_OF_WORK_MIGRATIONS];
  const declaration = { service, catalogue: catalogue(messages), handlers, entities: [], migrations };
  const runtime = { database: { url: database.url }, kafka: { brokers } };
  const opened = await Database.open(runtime.database, declaration, logger);
  const topics = topicsRead(service, handlers, declaration.catalogue);
  const parts = { runtime, database: opened, jobs, lifecycle, logger, metrics: gaugesOf(undefined, jobs) };
  const instances = handlers.map((Handler) => new Handler() as object);
  const messaging = new Messaging(declaration, topics, instances, parts);
  const stop = async (): Promise<void> => {
    await messaging.stopConsuming();
    jobs.stop();
    await messaging.stop();
    await opened.close();
  };
  started.push({ stop });
  messaging.start();
  messaging.consume();
  return { messaging, failures };
}

/** Starts the service, which counts the loaves that it hears of, and has it bake one. */
async function bakeAndCount(
  service: string,
  LoafBaked: Awaited<ReturnType<typeof baked>>['LoafBaked'],
  messages: readonly MessageDefinition[],
) {
  let handled = 0;
  @Handles(LoafBaked)
  class CountHandler {
    needs() {
      return {};
    }
    decide() {
      handled++;
      return [];
    }
  }
  const bake: RequestHandler<string, boolean> = {
    needs: () => ({}),
    decide: (loafId) => ({ answer: true, changes: [emit(LoafBaked, { loafId })] }),
  };
  const { messaging, failures } = await start(service, messages, [CountHandler]);
  await messaging.unitOfWork.request(bake, newId());
  return { failures, handled: () => handled };
}

describe('a topic with another number of partitions than declared', () => {
  it('ends the start of a service that writes to it', async () => {
    const { LoafBaked, service } = await baked(3);
    const { failures } = await start(service, [LoafBaked], []);
    await waitUntil('it has failed', () => failures.length > 0);
    expect(failures).toEqual([`topic ${LoafBaked.topic} has 3 partitions, and 4 are declared`]);
  });

  it('ends the start of a service that reads it, which is given no message', async () => {
    const { LoafBaked, service } = await baked(5);
    const { failures, handled } = await bakeAndCount(service, LoafBaked, [LoafBaked]);
    // At its start, and once more when its consumer has joined its group.
    await waitUntil('it has failed twice', () => failures.length > 1);
    expect(new Set(failures)).toEqual(new Set([`topic ${LoafBaked.topic} has 5 partitions, and 4 are declared`]));
    expect(handled()).toBe(0);
  });
});

it('a topic that is not there yet ends no start, whatever the others are', async () => {
  const { LoafBaked, service } = await baked(4);
  const data = z.object({ loafId: z.uuid() });
  const LoafEaten = event(`guest-${newId()}`, 'LoafEaten', { key: 'loafId', summary: 'It is eaten.', data });
  const { failures, handled } = await bakeAndCount(service, LoafBaked, [LoafBaked, LoafEaten]);
  await waitUntil('what it says is handled', () => handled() > 0);
  expect(failures).toEqual([]);
});
