import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { TOPIC_RETENTION_MS, TOPICS } from '@backstep/contracts';
import type { ReceivedMessage } from '@backstep/kafka';
import { collect } from './kafka.js';
import { NO_ID } from './orders.js';

/** Goal: of what Kafka holds, everything that is judged is kept, and nothing more; what cannot be read is counted. */
const [older, newer] = [newId(), newId()] as [string, string];

const received = (
  key: string | null,
  headers: Record<string, string>,
  change: Partial<ReceivedMessage> = {},
): ReceivedMessage => ({
  topic: 'order.events',
  partition: 0,
  offset: '0',
  key,
  headers,
  value: JSON.stringify({ orderId: older }),
  timestamp: 1_000,
  ...change,
});
const event = (id: string, more: Record<string, string> = {}) => ({
  ce_id: id,
  ce_type: 'OrderConfirmed',
  ce_source: 'order',
  ...more,
});

async function* batchesOf(...batches: ReceivedMessage[][]): AsyncGenerator<ReceivedMessage[]> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

describe('what lies in Kafka', () => {
  it('messages are kept by key, in order, with what the invariants need', async () => {
    const [first, second] = [newId(), newId()] as [string, string];
    const facts = await collect(
      batchesOf(
        [received(newer, event(first.toUpperCase(), { ce_aggregateversion: '1' }))],
        [received(newer, event(second, { ce_sagaid: 's', ce_causationid: first, ce_commandid: 'c' }), { offset: '1' })],
      ),
      NO_ID,
    );
    expect(facts.messages.get(newer)).toMatchObject([
      { id: first, type: 'OrderConfirmed', aggregateVersion: 1, offset: '0', sentAt: 1_000 },
      { id: second, sagaId: 's', causationId: first, commandId: 'c', offset: '1' },
    ]);
    expect(facts.messages.get(newer)?.[1]?.aggregateVersion).toBeUndefined();
    expect(facts.records).toBe(2);
  });

  it('a message is known by its id also when its order is not examined, or without a key', async () => {
    const [late, keyless] = [newId(), newId()] as [string, string];
    const facts = await collect(batchesOf([received(older, event(late)), received(null, event(keyless))]), older);
    expect([...facts.otherMessageIds]).toEqual([late, keyless]);
    expect(facts.messages.size).toBe(0);
  });

  it('an undecodable record is counted, and known by its id alone', async () => {
    const [unknown, broken] = [newId(), newId()] as [string, string];
    const facts = await collect(
      batchesOf([
        received(newer, event(unknown, { ce_type: 'EatEverything' })),
        received(newer, event(broken), { value: '{not json' }),
      ]),
      NO_ID,
    );
    expect([...facts.otherMessageIds]).toEqual([unknown, broken]);
    expect(facts).toMatchObject({ records: 2, unreadable: 2 });
    expect(facts.messages.size).toBe(0);
  });

  it('the places of undecodable records are kept, the first ones of many', async () => {
    const strange = Array.from({ length: 50 }, (_, offset) =>
      received('x', {}, { partition: 3, offset: String(offset) }),
    );
    const facts = await collect(batchesOf(strange), NO_ID);
    expect(facts.unreadable).toBe(50);
    expect(facts.unreadablePlaces).toHaveLength(20);
    expect(facts.unreadablePlaces[1]).toEqual({ topic: 'order.events', partition: 3, offset: '1' });
  });

  it('a record that is no CloudEvent is counted', async () => {
    const facts = await collect(batchesOf([received('x', {}), received('x', event('42'))]), NO_ID);
    expect(facts).toMatchObject({ records: 2, unreadable: 2 });
  });

  const at = (topic: string, partition: number, timestamp: number) =>
    received(newer, event(newId()), { topic, partition, timestamp });

  it('the log is complete since the latest first message of its partitions', async () => {
    const everywhere = TOPICS.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => at(name, partition, 10 * partition)),
    );
    const facts = await collect(batchesOf(everywhere, [at('order.events', 0, 200)]), NO_ID);
    expect(facts.kafkaCompleteSince).toBe(30);
    expect((await collect(batchesOf(), NO_ID)).kafkaCompleteSince).toBeUndefined();
  });

  it('the log is complete also since before a first message whose time is ahead of those behind it', async () => {
    const everywhere = TOPICS.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => at(name, partition, 3_000_000)),
    );
    const facts = await collect(
      batchesOf(
        everywhere,
        everywhere.map((first) => ({ ...first, timestamp: 100 })),
      ),
      NO_ID,
    );
    expect(facts.kafkaCompleteSince).toBe(100);
  });

  it('the log with an empty partition counts as complete only for its retention', async () => {
    const { kafkaCompleteSince } = await collect(batchesOf([at('order.events', 0, 5)]), NO_ID);
    expect(Date.now() - (kafkaCompleteSince ?? 0) - TOPIC_RETENTION_MS).toBeLessThan(60_000);
  });
});
