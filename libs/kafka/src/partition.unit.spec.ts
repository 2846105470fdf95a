import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { murmur2, partitionOf } from './partition.js';

/** Goal: our partition of a key is the one that the producers of Java and kafkajs choose, so every tool agrees where a key is. */
describe('the partition of a key', () => {
  it.each([
    // From org.apache.kafka.common.utils.UtilsTest.testMurmur2
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('murmur2 of the key %s is what Java computes', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('the partition of a key is the one that kafkajs chooses, for every length and beyond ASCII', () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    const partitions = 7;
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [1],
      isr: [1],
    }));
    for (let length = 1; length < 40; length++) {
      const key = 'käse-🧀-0123456789-abcdefghijklmnopqrstuvwxyz'.slice(0, length);
      const theirs = choose({ topic: 't', partitionMetadata, message: { key, value: '' } });
      expect([key, partitionOf(key, partitions)]).toEqual([key, theirs]);
    }
  });
});
