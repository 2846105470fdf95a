import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BATCH_SIZES, fitting } from '../batch-size.js';
import { shardOf, SHARDS, toOutboxMessage } from './outgoing.js';

/** Goal: keys are spread over all shards, and a request holds no more than Kafka takes, although a shard is no partition. */
const message = (key: string, value = 'x'.repeat(900)) => toOutboxMessage({ topic: 't', key, value });

describe('the shard of a key', () => {
  it('a key always has the same shard, and keys spread evenly over all shards', () => {
    expect(shardOf('jar 7')).toBe(shardOf('jar 7'));
    const shards = Array.from({ length: 16_000 }, (_, n) => shardOf(`jar ${n}`));
    const counts = Array.from({ length: SHARDS }, (_, shard) => shards.filter((one) => one === shard).length);
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});

describe('a request', () => {
  it('a request holds of one topic as much as one partition takes, when shards are no partitions', () => {
    const messages = Array.from({ length: 100 }, (_, n) => message(`jar ${n}`));
    const sizes = { ...DEFAULT_BATCH_SIZES, batchMaxBytes: () => 10_000 };
    expect(fitting(messages, 100, sizes)).toBeGreaterThan(20);
    expect(fitting(messages, 100, { ...sizes, oneBatchATopic: true })).toBe(10);
  });
});
