import { describe, expect, it } from '@jest/globals';
import { Random } from '@backstep/simulation';
import { gunzipSync } from 'node:zlib';
import { drawHostile } from './draw.js';
import { batchOf, crc32c } from './record-batch.js';

/** Goal: a seed is a whole storm of records; what is written by hand is what Kafka calls a batch. */
const DRAWN = 300;

describe('hostile batches', () => {
  const whats = (seed: number): string[] => {
    const random = new Random(seed);
    return Array.from({ length: DRAWN }, () => drawHostile(random).what);
  };

  it('hostile batches are the same for the same seed', () => {
    expect(whats(3)).toEqual(whats(3));
    expect(whats(3)).not.toEqual(whats(4));
  });

  it('hostile batches are of every kind: compressed, broken, bombs, and of any time', () => {
    const all = [...whats(3), ...whats(4), ...whats(5)].join('\n');
    for (const kind of [
      'packed',
      'lying about',
      '100 MB',
      'from the future',
      'unknown version',
      'thousands of headers',
    ])
      expect(all).toContain(kind);
  });
});

describe('a batch that is written by hand', () => {
  const record = { key: Buffer.from('k'), value: null, headers: [], timestamp: 1_000 };

  it('a batch that is written by hand has the CRC-32C of what follows it', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    const batch = batchOf([record], false);
    expect(batch.readUInt32BE(17)).toBe(crc32c(batch.subarray(21)));
  });

  it('a batch that is written by hand has a record with its lengths, compressed or not', () => {
    const plain = batchOf([record], false).subarray(61);
    // Length 7; attributes, time, offset, key of one byte, no value, no headers.
    expect([...plain]).toEqual([14, 0, 0, 0, 2, 107, 1, 0]);
    expect(gunzipSync(batchOf([record], true).subarray(61))).toEqual(plain);
  });
});
