import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodedBytes } from '@backstep/messages';
import { createClient } from './client.js';
import { KafkaPublisher } from './publisher.js';
import { makeTopics, testBrokers, unique, wire } from './testing/kafka.js';

/**
 * Goal: a publisher learns what Kafka refuses, and which sizes it takes. Method: a real Kafka, with topics that take little, or that are
 * deleted.
 */
const brokers = testBrokers();
const MAX_BYTES = 5_000;
const admin = createClient({ brokers, clientId: 'spec' }).admin();
let small: string;
let publisher: KafkaPublisher;

const takes = (topic: string, bytes: number) =>
  admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(bytes) }] }],
  });

beforeAll(async () => {
  await admin.connect();
  [small = ''] = await makeTopics({ name: 'small', partitions: 1 });
  await takes(small, MAX_BYTES);
  publisher = new KafkaPublisher({ brokers, clientId: 'spec' }, [small, unique('never-made')]);
});
afterAll(async () => {
  await publisher.disconnect();
  await admin.disconnect();
});

describe('the sizes that Kafka takes', () => {
  it('the limit of a topic is learnt from Kafka, also when another topic does not exist', async () => {
    expect(publisher.largestMessage(small)).toBeUndefined();
    await publisher.askSizes();
    expect(publisher.sizes.batchMaxBytes(small)).toBe(MAX_BYTES);
    expect(publisher.largestMessage(small)).toBeLessThan(MAX_BYTES);
    expect(publisher.sizes.batchMaxBytes('unknown')).toBeGreaterThan(900_000);
  });

  it('a batch that is counted to fit the limit is taken, and one a third larger is refused', async () => {
    await publisher.askSizes();
    const messages = [];
    for (let bytes = 61; ;) {
      const message = wire(small, 'kü', 'ü'.repeat(40));
      bytes += encodedBytes(message);
      if (bytes > publisher.sizes.batchMaxBytes(small)) break;
      messages.push(message);
    }
    await publisher.publish(messages);
    const some = messages.length / 3;
    const more = Array.from({ length: some }, () => wire(small, 'kü', 'ü'.repeat(40)));
    await expect(publisher.publish([...messages, ...more])).rejects.toMatchObject({
      refusal: { of: 'message', code: 'MESSAGE_TOO_LARGE' },
    });
  });
});

describe('a batch that Kafka refuses', () => {
  it('a message that is too large is refused by that name; the connection stays, and the next batch goes', async () => {
    const tooLarge = publisher.publish([wire(small, 'k', 'x'.repeat(2 * MAX_BYTES))]);
    await expect(tooLarge).rejects.toMatchObject({ refusal: { of: 'message', code: 'MESSAGE_TOO_LARGE' } });
    expect(publisher.healthy).toBe(true);
    await publisher.publish([wire(small, 'k', 'x')]);
  });

  it('a batch for a deleted topic is refused by that name, however long the producer has known the topic', async () => {
    const [deleted = ''] = await makeTopics({ name: 'deleted', partitions: 1 });
    await publisher.publish([wire(deleted, 'k', '1')]);
    await admin.deleteTopics({ topics: [deleted] });
    const refused = { refusal: { of: 'topic', code: 'UNKNOWN_TOPIC_OR_PARTITION' } };
    await expect(publisher.publish([wire(deleted, 'k', '2')])).rejects.toMatchObject(refused);
    await publisher.publish([wire(small, 'k', '3')]);
  });
});
