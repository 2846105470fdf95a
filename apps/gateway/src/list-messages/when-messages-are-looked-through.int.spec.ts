import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CATALOGUE,
  OrderConfirmed,
  OrderPlaced,
  PARTITIONS,
  ReserveStock,
  SERVICES,
  TOPICS,
} from '@backstep/contracts';
import { createTopics, KafkaPublisher, partitionOf } from '@backstep/kafka';
import { message, newId, type WireMessage } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import type { PlatformApp } from '@backstep/service';
import { waitUntil } from '@backstep/testing';
import { startGateway } from '../gateway-on-kafka.fixture.spec.js';
import { READINGS_MAX } from '../kafka/kafka-view.js';
import type { LogMessage } from '../representations/log-message.js';
import type { MessagePage } from './list-messages.js';

/**
 * Goal: who looks through Kafka's messages finds those that fit, is told how far was looked, and goes on and back without loss or repetition.
 * Method: the gateway on a real Kafka, without any service. Other specs write to the same topics, so each looks for keys of its own.
 */
const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
let gateway: PlatformApp;
let base: string;

beforeAll(async () => {
  await createTopics(brokers, TOPICS);
  [gateway, base] = await startGateway(brokers.join(','));
});
afterAll(async () => {
  await gateway.app.close();
  await publisher.disconnect();
});

type Query = Readonly<Record<string, string | number>>;
const ask = (query: Query): Promise<Response> => {
  const given = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return fetch(`${base}/v1/messages?${new URLSearchParams(given).toString()}`);
};
const look = async (query: Query): Promise<MessagePage> => {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  return (await answer.json()) as MessagePage;
};
const typesOf = ({ items }: MessagePage): unknown[] => items.map(({ headers }) => headers['ce_type']);
const placeOf = ({ topic, partition, offset }: LogMessage): string => `${topic}/${partition}@${offset}`;

const reserve = (orderId: string): WireMessage =>
  CATALOGUE.encode(
    message(ReserveStock, { orderId, items: [{ sku: 'TEA', quantity: 1 }] }, { source: 'orchestrator' }),
  );
const confirmed = (orderId: string): WireMessage =>
  CATALOGUE.encode(message(OrderConfirmed, { orderId }, { source: 'order' }));
const placed = (orderId: string): WireMessage =>
  CATALOGUE.encode(
    message(
      OrderPlaced,
      {
        ...{ orderId, currency: 'EUR', total: 100, items: [{ sku: 'TEA', quantity: 1, unitPrice: 100 }] },
        paymentMethod: 'pm_card_of_ada',
        shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
      },
      { source: 'order' },
    ),
  );
/** One after the other, so that each has a later time in Kafka. */
async function publish(...messages: readonly WireMessage[]): Promise<void> {
  for (const one of messages) {
    await publisher.publish([one]);
    const at = Date.now();
    await waitUntil('the next millisecond', () => Date.now() > at + 1);
  }
}

describe('looking for messages', () => {
  it('the messages of a key are found in every topic, the newest first, and only its partition is read', async () => {
    const orderId = newId();
    await publish(placed(orderId), reserve(orderId), confirmed(orderId));
    const page = await look({ key: orderId });
    expect(typesOf(page)).toEqual(['OrderConfirmed', 'ReserveStock', 'OrderPlaced']);
    expect(page).toMatchObject({ nextCursor: null, scanned: { complete: true, remaining: 0 } });
    expect(page.scanned.ranges).toHaveLength(TOPICS.length);
    expect(new Set(page.scanned.ranges.map(({ partition }) => partition))).toEqual(
      new Set([partitionOf(orderId, PARTITIONS)]),
    );
    expect(page.items[2]?.value).toMatchObject({ orderId, total: 100, paymentMethod: '[redacted]' });
    expect(JSON.stringify(page)).not.toContain('pm_card_of_ada');
  });

  it.each([
    ['topic', { topic: 'order.events' }, ['OrderConfirmed', 'OrderPlaced']],
    ['type', { type: 'Order*' }, ['OrderConfirmed', 'OrderPlaced']],
    ['source', { source: 'orchestrator' }, ['ReserveStock']],
    ['text', { text: 'TEA' }, ['ReserveStock', 'OrderPlaced']],
    ['a hidden text', { text: 'pm_card_of_ada' }, []],
    ['all of them', { topic: 'order.events', type: '*Placed', source: 'order', text: 'EUR' }, ['OrderPlaced']],
  ])('a filter by %s leaves out what does not fit', async (_, filter, types) => {
    const orderId = newId();
    await publish(placed(orderId), reserve(orderId), confirmed(orderId));
    expect(typesOf(await look({ key: orderId, ...filter }))).toEqual(types);
  });

  it('a message is found by a header, also where its key is not known', async () => {
    const wire = reserve(newId());
    await publish(wire);
    const page = await look({ header: `ce_id:${wire.headers['ce_id']}`, topic: 'inventory.commands' });
    expect(page.items.map(({ key }) => key)).toEqual([wire.key]);
  });

  it('pages go on and back without loss or repetition', async () => {
    const orderId = newId();
    await publish(...Array.from({ length: 5 }, () => [reserve(orderId), confirmed(orderId)]).flat());
    const filter = { key: orderId, limit: 3 };
    const there: LogMessage[][] = [];
    let page = await look({ ...filter, from: 'earliest' });
    for (; page.items.length > 0; page = await look({ ...filter, cursor: page.nextCursor ?? '' }))
      there.push([...page.items]);
    expect(there.map((items) => items.length)).toEqual([3, 3, 3, 1]);
    expect(new Set(there.flat().map(placeOf)).size).toBe(10);
    const back: string[][] = [];
    let cursor: string | null = page.prevCursor;
    while (cursor !== null) {
      const before: MessagePage = await look({ ...filter, cursor });
      if (before.items.length > 0) back.push(before.items.map(placeOf));
      cursor = before.nextCursor;
    }
    expect(back.flat()).toEqual(there.flat().toReversed().map(placeOf));
  });

  it('the way back from the newest page finds what has come since, once', async () => {
    const orderId = newId();
    await publish(placed(orderId));
    const { prevCursor } = await look({ key: orderId });
    const nothing = await look({ key: orderId, cursor: prevCursor });
    expect([nothing.items, nothing.scanned.complete]).toEqual([[], true]);
    await publish(reserve(orderId), confirmed(orderId));
    const since = await look({ key: orderId, cursor: nothing.nextCursor ?? '' });
    expect(typesOf(since)).toEqual(['ReserveStock', 'OrderConfirmed']);
    expect((await look({ key: orderId, cursor: since.nextCursor ?? '' })).items).toEqual([]);
  });

  it('a page begins at a time or an offset, and goes either way from there', async () => {
    const orderId = newId();
    await publish(placed(orderId), confirmed(orderId));
    const { items } = await look({ key: orderId, topic: 'order.events' });
    const [later, earlier] = items;
    const from = `time:${later?.timestamp}`;
    expect(typesOf(await look({ key: orderId, from }))).toEqual(['OrderConfirmed']);
    expect(typesOf(await look({ key: orderId, from, direction: 'backward' }))).toEqual(['OrderPlaced']);
    const at = { topic: 'order.events', partition: earlier?.partition ?? 0, from: `offset:${earlier?.offset}` };
    expect((await look({ ...at, limit: 1 })).items[0]?.offset).toBe(earlier?.offset);
  });

  it('from where a group stands only its topics are read', async () => {
    const page = await look({ from: 'group:backstep.payment', limit: 1 });
    expect(new Set(page.scanned.ranges.map(({ topic }) => topic))).toEqual(new Set(['payment.commands']));
    const answer = await ask({ from: 'group:backstep.payment', topic: 'order.events' });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: unknown }).errors).toEqual([
      {
        in: 'query',
        field: 'from',
        message: 'must be a group that reads order.events: this one reads payment.commands',
      },
    ]);
  });

  it('what is no message is shown as what it is, and ends no page', async () => {
    const key = newId();
    const bare = (value: string): WireMessage => ({ topic: 'payment.events', key, value, headers: {} });
    await publish(bare('no json'), bare('{"deep":'), bare('"one text"'));
    const page = await look({ key });
    expect(page.items.map(({ value, valueFormat }) => [value, valueFormat])).toEqual([
      ['one text', 'json'],
      ['{"deep":', 'text'],
      ['no json', 'text'],
    ]);
  });
});

describe('a message by its position', () => {
  it('a message is read whole by its position, and one that is still to come is 404', async () => {
    const wire = reserve(newId());
    const value = JSON.stringify({ text: 'x'.repeat(40_000) });
    await publish({ ...wire, value });
    const [found] = (await look({ key: wire.key })).items;
    expect([found?.valueTruncated, found?.valueBytes]).toEqual([true, value.length]);
    const at = `${base}/v1/messages/${found?.topic}/${found?.partition}`;
    const whole = (await (await fetch(`${at}/${found?.offset}`)).json()) as LogMessage;
    expect(whole).toMatchObject({ ...found, value: JSON.parse(value) as unknown, valueTruncated: false });
    const later = await fetch(`${at}/${2n ** 62n}`);
    expect([later.status, ((await later.json()) as { detail: string }).detail]).toEqual([
      404,
      expect.stringMatching(/^inventory\.commands\/\d ends before \d+: \d+ is not written yet\.$/),
    ]);
  });
});

describe('topics and groups', () => {
  it('every topic has where its partitions begin and end', async () => {
    const { items } = (await (await fetch(`${base}/v1/topics`)).json()) as {
      items: { name: string; retentionMs: number; partitions: { latest: string }[] }[];
    };
    expect(items.map(({ name }) => name)).toEqual(TOPICS.map(({ name }) => name));
    expect(items.every(({ partitions, retentionMs }) => partitions.length === PARTITIONS && retentionMs > 0)).toBe(
      true,
    );
  });

  it('of a group that nobody is in and that has committed nothing, how far behind it is is not known', async () => {
    const { items } = (await (await fetch(`${base}/v1/groups`)).json()) as {
      items: { id: string; service: string; lag: unknown; partitions: { lag: unknown; committed: unknown }[] }[];
    };
    expect(items.map(({ service }) => service)).toEqual([...SERVICES]);
    const shipment = items.find(({ service }) => service === 'shipment');
    expect(shipment).toMatchObject({ id: 'backstep.shipment', state: 'Dead', lag: null, members: [] });
    expect(shipment?.partitions).toHaveLength(PARTITIONS);
    expect(new Set(shipment?.partitions.map(({ lag, committed }) => `${lag} ${committed}`))).toEqual(
      new Set(['null null']),
    );
  });
});

describe('the bounds of looking', () => {
  it.each([
    [{ limit: 201 }, 'limit'],
    [{ topic: 'bread.events' }, 'topic'],
    [{ partition: PARTITIONS }, 'partition'],
    [{ key: 'k', partition: (partitionOf('k', PARTITIONS) + 1) % PARTITIONS }, 'partition'],
    [{ header: 'no-colon' }, 'header'],
    [{ from: 'yesterday' }, 'from'],
    [{ direction: 'up' }, 'direction'],
    [{ text: 'x'.repeat(201) }, 'text'],
    [{ cursor: 'messages.f.00000000.1' }, 'cursor'],
  ])('a wrong parameter is named: %j', async (query, field) => {
    const answer = await ask(query as unknown as Query);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: unknown }).errors).toContainEqual(expect.objectContaining({ field }));
  });

  it('a cursor of another log than Kafka has is 410', async () => {
    const { prevCursor } = await look({ limit: 1 });
    const beyond = prevCursor.replace(/[^.]+$/, '1y2p0ij32e8e7');
    const answer = await ask({ cursor: beyond });
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([410, PROBLEMS.gone.type]);
  });

  it('readings beyond the bound are refused with 429, and others go on', async () => {
    const statuses = await waitUntil('one is refused', async () => {
      const answers = await Promise.all(Array.from({ length: 4 * READINGS_MAX }, () => ask({ text: newId() })));
      const found = answers.map(({ status }) => status);
      return found.includes(429) && found;
    });
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect((await ask({ limit: 1 })).status).toBe(200);
  });
});

describe('without Kafka', () => {
  it.each(['/v1/messages', '/v1/messages/order.events/0/0', '/v1/topics', '/v1/groups'])(
    'the request %s is 503, and says who does not answer',
    async (path) => {
      const [alone, url] = await startGateway('127.0.0.1:1');
      try {
        const answer = await fetch(url + path);
        const { detail } = (await answer.json()) as { detail: string };
        expect([answer.status, answer.headers.get('retry-after'), detail]).toEqual([
          503,
          '2',
          'Kafka does not answer.',
        ]);
      } finally {
        await alone.app.close();
      }
    },
    60_000,
  );
});
