import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  catalogue,
  encode,
  newId,
  versionOf,
  type DataOf,
  type Message,
  type MessageDefinition,
} from '@backstep/messages';
import { CATALOGUE, CreateShipment, OrderConfirmed, OrderPlaced, TOPICS } from '@backstep/contracts';
import { BatchConsumer, createTopics, KafkaPublisher } from '@backstep/kafka';
import { aMessage } from '@backstep/messages/testing';
import { anOrder } from '@backstep/contracts/testing';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { emit, handledBy, UNIT_OF_WORK_MIGRATIONS, UnitOfWork } from '@backstep/unit-of-work';
import type { Type } from '@nestjs/common';
import { createApp, createLogger, drain, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { messagingConfig, serviceMessaging } from '@backstep/service-messaging';
import {
  CreateShipmentV2,
  NEW,
  OLD,
  OrderPlacedV2,
  OrderPraised,
  Stories1700000000002,
  Story,
} from './two-releases.fixture.spec.js';

/**
 * Goal: a message has a version 2 as CONTRIBUTING says, and services are deployed one by one in either order: an event that a reader does
 * not know is skipped and counted, and holds nothing; a command that a service does not know is parked, holds its own key only, and is
 * handled once when the service knows it.
 * Method: releases of a writer and of a reader as whole applications, on a real Kafka and PostgreSQL. The reader writes down, for each
 * order, what it has heard, in the order in which it was handled.
 */
const { kafkaBrokers } = requireInfrastructure();
const publisher = new KafkaPublisher({ brokers: kafkaBrokers, clientId: 'spec' });
let databases: Record<'shipment' | 'order', TestDatabase>;
let running: PlatformApp[];

beforeAll(async () => {
  await createTopics(kafkaBrokers, TOPICS);
  databases = { shipment: await createTestDatabase(), order: await createTestDatabase() };
});
afterAll(async () => {
  await publisher.disconnect();
  for (const database of Object.values(databases)) await database.drop();
});
beforeEach(() => {
  running = [];
});
afterEach(async () => {
  for (const platform of running) await drain(platform, 'the test is over');
});

async function deploy(service: 'shipment' | 'order', handlers: readonly Type[]): Promise<PlatformApp> {
  const migrations = [...UNIT_OF_WORK_MIGRATIONS, Stories1700000000002];
  const known = catalogue([...new Set([...CATALOGUE.messages, ...handlers.flatMap((handler) => handledBy(handler))])]);
  const module = serviceMessaging({ service, catalogue: known, handlers, entities: [Story], migrations });
  const settings = { DATABASE_URL: databases[service].url, KAFKA_BROKERS: kafkaBrokers.join(',') };
  const config = loadConfig({ ...platformConfig(0), ...messagingConfig }, settings);
  const logger = createLogger({ service, level: 'error', destination: { write: () => true } });
  const platform = await createApp({ name: service, module, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  running.push(platform);
  return platform;
}

async function withdraw(platform: PlatformApp): Promise<void> {
  running = running.filter((other) => other !== platform);
  await drain(platform, 'another release takes over');
}

const reader = (handlers: readonly Type[]) => deploy('shipment', handlers);

/** A release of the writer: it tells what it decides, by its outbox. */
async function writer() {
  const platform = await deploy('order', []);
  const unitOfWork = platform.app.get(UnitOfWork);
  const tell = <D extends MessageDefinition>(definition: D, data: DataOf<D>): Promise<unknown> =>
    unitOfWork.request(
      { needs: () => ({}), decide: () => ({ answer: true, changes: [emit(definition, data)] }) },
      undefined,
    );
  return { platform, tell };
}

/** Orders that are on every partition. */
const orders = (count = 12) => Array.from({ length: count }, () => anOrder());

async function stories(...of: readonly { readonly orderId: string }[]): Promise<(string | undefined)[]> {
  const { rows } = await databases.shipment.pool.query<{ order_id: string; heard: string }>('SELECT * FROM story');
  const heard = new Map(rows.map(({ order_id, heard }) => [order_id, heard]));
  return of.map(({ orderId }) => heard.get(orderId));
}

const reads = (story: string, ...of: readonly { readonly orderId: string }[]) =>
  waitUntil(`of each order: ${story}`, async () => (await stories(...of)).every((heard) => heard === story), 60_000);

const parked = async () =>
  (await databases.shipment.pool.query('SELECT id, key, type, state, cause FROM parked_message ORDER BY seq')).rows as {
    id: string;
    key: string;
    type: string;
    state: string;
    cause: string;
  }[];

/** Of this process, by reason. */
async function skipped({ parts }: PlatformApp): Promise<Record<string, number>> {
  const lines = (await parts.metrics.scrape())
    .split('\n')
    .filter((line) => line.startsWith('backstep_events_skipped_total{'));
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('topic="order.events"') && line.includes('consumer="shipment"'))
      .map((line) => [/reason="(\w+)"/.exec(line)?.[1] ?? '', Number(line.split(' ').at(-1))]),
  );
}

describe('an event in version 2', () => {
  it('an event in version 2 is handled when its readers are deployed first, and version 1 all the time', async () => {
    const [before, meanwhile, after] = [orders(), orders(), orders()];
    const old = await reader(OLD);
    const { tell, platform: oldWriter } = await writer();
    for (const order of before) await tell(OrderPlaced, order);
    await reads('placed', ...before);

    const renewed = await reader(NEW);
    for (const order of meanwhile) await tell(OrderPlaced, order);
    await reads('placed', ...meanwhile);
    await withdraw(old);

    const newWriter = await writer();
    for (const order of after) await newWriter.tell(OrderPlacedV2, { ...order, card: 'Thank you' });
    for (const order of after) await tell(OrderConfirmed, order);
    await reads('placed with "Thank you", confirmed', ...after);
    const late = orders(4);
    for (const order of late) await tell(OrderPlaced, order);
    await reads('placed', ...late);
    await withdraw(oldWriter);
    expect(await skipped(renewed)).toEqual({});
    expect(await parked()).toEqual([]);
  });

  it('an event in version 2 is skipped and counted by an older reader, which handles what follows', async () => {
    const old = await reader(OLD);
    const { tell } = await writer();
    const [one = anOrder(), ...others] = orders();
    await tell(OrderPlaced, one);
    await tell(OrderPlacedV2, { ...one, card: 'Thank you' });
    await tell(OrderPraised, one);
    await tell(OrderConfirmed, one);
    for (const order of others) await tell(OrderPlaced, order);
    await reads('placed, confirmed', one);
    await reads('placed', ...others);
    expect(await skipped(old)).toEqual({ unknown_version: 1, unknown_type: 1 });
    expect(await parked()).toEqual([]);

    // What it has skipped it has not heard: that is why readers are deployed first.
    await withdraw(old);
    const renewed = await reader(NEW);
    await tell(OrderPlacedV2, { ...one, card: 'Once more' });
    await reads('placed, confirmed, placed with "Once more"', one);
    expect(await skipped(renewed)).toEqual({});
  });
});

describe('a command in version 2', () => {
  /** The versions of the answers about each order, as they are told. */
  function answersTold(): ReadonlyMap<string, number[]> {
    const told = new Map<string, number[]>();
    const options = {
      brokers: kafkaBrokers,
      clientId: 'spec',
      groupId: `answers-${newId()}`,
      topics: ['shipment.events'],
    };
    listener = new BatchConsumer({ ...options, onCrash: () => undefined }, ({ messages }) => {
      for (const { key, headers } of messages)
        told.set(key ?? '', [...(told.get(key ?? '') ?? []), versionOf(headers) ?? NaN]);
      return Promise.resolve();
    });
    listener.start();
    return told;
  }
  let listener: BatchConsumer | undefined;
  afterEach(() => listener?.close());

  const send = (...commands: readonly [Message, MessageDefinition][]) =>
    publisher.publish(commands.map(([message, definition]) => encode(message, definition)));
  const first = ({ orderId, items, shippingAddress }: DataOf<typeof OrderPlaced>): [Message, MessageDefinition] => [
    aMessage(CreateShipment, { orderId, items, shippingAddress }),
    CreateShipment,
  ];
  const second = ({ orderId, items, shippingAddress }: DataOf<typeof OrderPlaced>): [Message, MessageDefinition] => [
    aMessage(CreateShipmentV2, { orderId, items, shippingAddress, carrier: 'Hermes' }),
    CreateShipmentV2,
  ];

  it('a command in version 2 is parked by an older service, holds its key only, and is handled once later', async () => {
    const old = await reader(OLD);
    const answers = answersTold();
    const [early = anOrder(), ...others] = orders();
    const [message, definition] = second(early);
    // It comes twice, as whatever Kafka delivers may.
    await send([message, definition], first(early), [message, definition], ...others.map(first));
    await reads('shipped', ...others);
    await waitUntil('both of its order are parked', async () => (await parked()).length === 2);
    expect(await parked()).toMatchObject([
      { id: message.id, key: early.orderId, type: 'CreateShipment', state: 'poisoned', cause: 'unknown_type' },
      { key: early.orderId, state: 'held' },
    ]);

    await withdraw(old);
    const { app } = await reader(NEW);
    const replay = await fetch(`${await app.getUrl()}/parked/${message.id}/replay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-operator': 'ada', 'if-match': '"v1"' },
      body: JSON.stringify({ reason: 'version 2 is understood now' }),
    });
    expect([replay.status, await replay.json()]).toMatchObject([200, { id: message.id, state: 'handled' }]);
    await reads('shipped by Hermes, shipped', early);
    await send([message, definition], ...others.map(second));
    await reads('shipped, shipped by Hermes', ...others);
    expect(await stories(early)).toEqual(['shipped by Hermes, shipped']);
    expect(await parked()).toEqual([]);
    // Each command is answered in the version that belongs to it: who sent it knows that one.
    await waitUntil('all answers are heard', () =>
      [early, ...others].every(({ orderId }) => answers.get(orderId)?.length === 2),
    );
    expect(answers.get(early.orderId)).toEqual([2, 1]);
    for (const { orderId } of others) expect(answers.get(orderId)).toEqual([1, 2]);
  });
});
