import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toReceived, type ReceivedMessage } from '../message.js';
import { AT, HEAD_BYTES, UNCOUNTED_BYTES } from './batch-head.js';
import { OpeningBudget, readBatches } from './batch-reader.js';
import * as limits from './limits.js';
import { openLz4 } from './lz4.js';
import { encodeBatch } from './record-batch.js';
import { openSnappy } from './snappy.js';
import { sizeOfVarint, writeVarint } from './varint.js';

/**
 * Goal: whatever a batch holds, its reader goes on behind it, reports what it could not read, and stays within its bounds of memory.
 * Method: valid batches, and the same with any bytes changed. They are compressed by hand here. `when-batches-are-compressed.int.spec.ts`
 * reads what Kafka's own Java code compresses.
 */
const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;
const NOW = 1_790_000_000_000;
const END = 1_000;

const plainBatch = (base: number, values: readonly string[]): Buffer =>
  at(
    base,
    encodeBatch(
      values.map((value) => ({ key: 'k', value, headers: { ce_id: 'id' } })),
      NOW,
    ),
  );

function at(base: number, batch: Buffer): Buffer {
  batch.writeBigInt64BE(BigInt(base), AT.baseOffset);
  return batch;
}

function withRecords(batch: Buffer, codec: number, records: Buffer): Buffer {
  const made = Buffer.concat([batch.subarray(0, HEAD_BYTES), records]);
  made.writeInt32BE(made.length - UNCOUNTED_BYTES, AT.batchLength);
  made.writeInt16BE(codec, AT.attributes);
  return made;
}

const compressed = (codec: number, base: number, values: readonly string[]): Buffer => {
  const batch = plainBatch(base, values);
  return withRecords(batch, codec, PACK[codec]!(batch.subarray(HEAD_BYTES)));
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
/** The size, then one literal of at most 64 KB. */
const snappy = (bytes: Buffer): Buffer => {
  const size = Buffer.from([(bytes.length & 0x7f) | 0x80, ((bytes.length >>> 7) & 0x7f) | 0x80, bytes.length >>> 14]);
  return Buffer.concat([size, Buffer.from([61 << 2, (bytes.length - 1) & 0xff, (bytes.length - 1) >>> 8]), bytes]);
};
/** One block that is stored uncompressed. */
const lz4 = (bytes: Buffer): Buffer =>
  Buffer.concat([
    uint32(0x184d2204),
    Buffer.from([0x60, 0x40, 0x82]),
    uint32((bytes.length | 0x80000000) >>> 0),
    bytes,
    uint32(0),
  ]);
const zstd = (bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
    uint32((bytes.length << 3) | 1).subarray(0, 3),
    bytes,
  ]);
const PACK: Record<number, (bytes: Buffer) => Buffer> = {
  [GZIP]: gzipSync,
  [SNAPPY]: snappy,
  [LZ4]: lz4,
  [ZSTD]: zstd,
};

async function read(...batches: readonly Buffer[]): Promise<ReceivedMessage[]> {
  const records = await readBatches(Buffer.concat(batches), END, new OpeningBudget());
  return records.map((record) => toReceived('bakery', 0, record));
}

const told = (messages: readonly ReceivedMessage[]) =>
  messages.map(({ offset, value, unreadable }) => `${offset}: ${unreadable ? unreadable.cause : value}`);

describe('a batch in any of the codecs', () => {
  it.each([GZIP, SNAPPY, LZ4, ZSTD])(
    'a batch compressed with codec %i is read, and so are its neighbours',
    async (codec) => {
      const messages = await read(
        plainBatch(5, ['a']),
        compressed(codec, 6, ['b'.repeat(3_000), 'c']),
        plainBatch(8, ['d']),
      );
      expect(told(messages)).toEqual(['5: a', `6: ${'b'.repeat(3_000)}`, '7: c', '8: d']);
      expect(messages[1]).toMatchObject({ key: 'k', headers: { ce_id: 'id' }, timestamp: NOW });
    },
  );

  it('a copy that overlaps with its own output is opened, in snappy and in LZ4', () => {
    // "ab", then a copy of seven bytes from two bytes before.
    expect(openSnappy(Buffer.from([9, 1 << 2, 0x61, 0x62, ((7 - 4) << 2) | 1, 2]), 100).toString()).toBe('ababababa');
    const block = Buffer.from([(2 << 4) | (7 - 4), 0x61, 0x62, 2, 0, 0x10, 0x63]);
    const frame = [uint32(0x184d2204), Buffer.from([0x60, 0x40, 0x82]), uint32(block.length), block, uint32(0)];
    expect(openLz4(Buffer.concat(frame), 100).toString()).toBe('ababababac');
  });
});

describe('a batch that cannot be read', () => {
  const damage: [string, (batch: Buffer) => Buffer][] = [
    ['of an unknown codec', (batch) => withRecords(batch, 5, batch.subarray(HEAD_BYTES))],
    ['that is not what its codec says', (batch) => withRecords(batch, ZSTD, batch.subarray(HEAD_BYTES))],
    ['with more records than it says', (batch) => (batch.writeInt32BE(1, AT.count), batch)],
    ['with fewer records than it says', (batch) => (batch.writeInt32BE(2, AT.count), cut(batch, 15))],
    ['with fewer than no records', (batch) => (batch.writeInt32BE(-1, AT.count), batch)],
    ['with more records than offsets', (batch) => (batch.writeInt32BE(2_000_000_000, AT.count), batch)],
    ['with a length that never ends', (batch) => withRecords(batch, 0, Buffer.alloc(4_000, 0xff))],
    ['of the old message format', (batch) => ((batch[AT.magic] = 1), at(7, batch))],
    ['of a format of the future', (batch) => ((batch[AT.magic] = 9), at(7, batch))],
    [
      'too short to be one',
      (batch) => batch.subarray(0, (batch.writeInt32BE(20, AT.batchLength), 20 + UNCOUNTED_BYTES)),
    ],
    ['with offsets before the first', (batch) => (batch.writeInt32BE(-5, AT.lastOffsetDelta), batch)],
  ];
  const cut = (batch: Buffer, by: number): Buffer =>
    withRecords(batch, 0, batch.subarray(HEAD_BYTES, batch.length - by));

  it.each(damage)('a batch %s is one stub at its last offset, and the next batch is read', async (_, harm) => {
    const messages = await read(plainBatch(5, ['a']), harm(plainBatch(6, ['b', 'c'])), plainBatch(8, ['d']));
    expect(told(messages)).toEqual(['5: a', expect.stringMatching(/^[67]: unreadable$/), '8: d']);
    expect(messages[1]).toMatchObject({
      key: null,
      value: null,
      headers: {},
      unreadable: { sizeBytes: expect.any(Number) },
    });
    expect(messages[1]?.unreadable?.error).toMatch(/the batch of offsets \d+ to \d+ cannot be read: /);
  });

  it('a batch with an impossible length is one stub for all up to the end that Kafka gave', async () => {
    const harmed = plainBatch(6, ['b', 'c']);
    harmed.writeInt32BE(-9, AT.batchLength);
    expect(told(await read(plainBatch(5, ['a']), harmed, plainBatch(8, ['d'])))).toEqual([
      '5: a',
      `${END - 1}: unreadable`,
    ]);
  });

  it('reading a batch with any bytes changed never throws and always moves on', async () => {
    const codec = fc.constantFrom(0, GZIP, SNAPPY, LZ4, ZSTD);
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(codec, fc.array(change, { minLength: 1, maxLength: 8 }), async (of, changes) => {
        const values = ['b'.repeat(200), 'c'];
        const batch = of === 0 ? plainBatch(6, values) : compressed(of, 6, values);
        for (const [where, byte] of changes) batch[AT.magic + (where % (batch.length - AT.magic))] = byte;
        const messages = await read(batch, plainBatch(8, ['d']));
        const offsets = messages.map(({ offset }) => Number(offset));
        expect(offsets.some((offset) => offset >= 6)).toBe(true);
        expect(told(messages).at(-1)).toBe('8: d');
      }),
      { numRuns: 1_000 },
    );
  });

  it('the snappy and LZ4 readers end within their bound, whatever bytes they get', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const head = Buffer.concat([uint32(0x184d2204), Buffer.from([0x60, 0x40, 0x82]), uint32(bytes.length)]);
        for (const opening of [
          () => openSnappy(Buffer.from(bytes), 10_000),
          () => openLz4(Buffer.concat([head, bytes, uint32(0)]), 10_000),
        ]) {
          try {
            expect(opening().length).toBeLessThanOrEqual(10_000);
          } catch (error) {
            expect(['MalformedError', 'TooLargeError']).toContain((error as Error).name);
          }
        }
      }),
      { numRuns: 2_000 },
    );
    // A literal of 2^32 bytes: in 32-bit arithmetic its length is negative, and its reader would go back.
    expect(() => openSnappy(Buffer.from([5, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 1, 2, 3]), 100)).toThrow('too long');
  });
});

describe('a record that cannot be read', () => {
  it.each<[string, number]>([
    ['key', 0],
    ['value', 2],
    ['headers', 4],
  ])('a record damaged in its %s is one stub, and the records beside it are read', async (_, place) => {
    const good = plainBatch(6, ['b', 'c', 'd']);
    const bytes = good.indexOf(Buffer.from([2, 'k'.charCodeAt(0), 2, 'c'.charCodeAt(0)]));
    good[bytes + place] = 0x7f;
    const messages = await read(good);
    expect(told(messages)).toEqual(['6: b', '7: unreadable', '8: d']);
    expect(messages[1]).toMatchObject({ key: null, headers: {} });
    expect(messages[1]?.unreadable?.error).toMatch(/^the record is damaged: /);
  });

  it('the time of a record is always one that a Date can hold', async () => {
    for (const [written, told] of [
      [-(2n ** 62n), '1969-12-31T23:59:59.999Z'],
      [2n ** 62n, '9999-12-31T23:59:59.999Z'],
    ] as const) {
      const batch = plainBatch(6, ['b']);
      batch.writeBigInt64BE(written, AT.firstTimestamp);
      const [message] = await read(batch);
      expect(new Date(message?.timestamp ?? NaN).toISOString()).toBe(told);
    }
  });
});

describe('zstd that cannot be opened', () => {
  it.each<[string, (good: Buffer) => Buffer]>([
    ['cut off', (good) => good.subarray(0, -1)],
    ['made of a block of an unknown kind', (good) => Buffer.concat([good.subarray(0, 6), Buffer.from([7, 0, 0])])],
    [
      'made of a compressed block that is none',
      (good) => Buffer.concat([good.subarray(0, 6), Buffer.from([0x1d, 0, 0, 9, 9, 9])]),
    ],
    ['no frame at all', () => Buffer.from('no frame at all')],
    ['empty', () => Buffer.alloc(0)],
  ])('zstd that is %s counts as damaged, not as too large', async (_, damage) => {
    const batch = plainBatch(6, ['b', 'c']);
    const broken = withRecords(batch, ZSTD, damage(zstd(batch.subarray(HEAD_BYTES))));
    expect(told(await read(broken, plainBatch(8, ['d'])))).toEqual(['7: unreadable', '8: d']);
  });

  it('zstd above the bound counts as too large: with its size, with a checksum, behind a skippable frame', async () => {
    const block = Buffer.concat([uint32((100_000 << 3) | 2).subarray(0, 3), Buffer.from([0x61])]);
    const blocks = [
      ...Array.from({ length: 200 }, () => block),
      uint32((1 << 3) | 1).subarray(0, 3),
      Buffer.from([0x61]),
    ];
    const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
    const sized = Buffer.concat([magic, Buffer.from([0xa0]), uint32(20_000_001), ...blocks]);
    const checked = Buffer.concat([magic, Buffer.from([0x04, 0x58]), ...blocks, uint32(0)]);
    const skipped = Buffer.concat([uint32(0x184d2a53), uint32(2), Buffer.from([1, 2]), sized]);
    for (const records of [sized, checked, skipped]) {
      expect(told(await read(withRecords(plainBatch(6, ['b', 'c']), ZSTD, records)))).toEqual(['7: oversize']);
    }
  });
});

describe('keys that are not UTF-8', () => {
  const keyed = (key: Buffer | string | null) => at(6, encodeBatch([{ key, value: 'v', headers: {} }], NOW));
  const keyOf = async (key: Buffer | string | null) => (await read(keyed(key)))[0]?.key;

  it('keys that are not UTF-8 stay different, also from a key that equals their text', async () => {
    const keys = [[0xff], [0xfe], [0xff, 0xff], [0x61, 0xff], [0xc3], [0xed, 0xa0, 0x80]].map((one) =>
      Buffer.from(one),
    );
    const told = await Promise.all([...keys, '\ufffd', '\ufffdff', 'ff'].map(keyOf));
    expect(new Set(told).size).toBe(told.length);
    expect(told[0]).toBe('\ufffdff');
    expect(told.at(-2)).toBe(`\ufffd${Buffer.from('\ufffdff').toString('hex')}`);
  });

  it('keys that are UTF-8, empty keys and null keys stay as they are', async () => {
    expect(await keyOf('größer 😀')).toBe('größer 😀');
    expect(await keyOf('')).toBe('');
    expect(await keyOf(null)).toBeNull();
  });

  it('a key that is not UTF-8 becomes the same text when kafkajs has read it, from a Kafka before 2.3', () => {
    const record = { offset: '6', timestamp: '0', key: Buffer.from([0xff]), value: null };
    expect(toReceived('bakery', 0, record).key).toBe('\ufffdff');
  });
});

describe('sizes that a sender chooses', () => {
  it.each([GZIP, LZ4, SNAPPY, ZSTD])(
    'a batch that opens to more than 16 MB with codec %i is one stub',
    async (codec) => {
      const batch = withRecords(plainBatch(6, ['b', 'c']), codec, BOMBS[codec]!());
      const messages = await read(batch, plainBatch(8, ['d']));
      expect(told(messages)).toEqual(['7: oversize', '8: d']);
      expect(messages[0]?.unreadable?.sizeBytes).toBe(batch.length);
    },
  );

  it('of a record of more than 1 MB, the beginning of its value and its size are kept', async () => {
    const value = `a${'ß'.repeat(600_000)}`;
    const [large, small] = await read(plainBatch(6, [value, 'c']));
    expect(large).toMatchObject({ key: null, headers: {}, unreadable: { cause: 'oversize' } });
    expect(large?.unreadable?.sizeBytes).toBeGreaterThan(1_200_000);
    expect(large?.value).toBe(`a${'ß'.repeat(2_047)}`);
    expect(small?.value).toBe('c');
  });

  it('a record with too many headers, or with too many bytes of headers, is a stub', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`h${n}`, 'v']));
    const large = { ce_id: 'x'.repeat(limits.HEADERS_MAX_BYTES) };
    const batch = encodeBatch(
      [many, large, { ce_id: 'id' }].map((headers) => ({ key: 'k', value: 'v', headers })),
      NOW,
    );
    expect((await read(batch)).map(({ unreadable }) => unreadable?.cause)).toEqual(['oversize', 'oversize', undefined]);
  });

  it('small batches that open to more than one answer may hold are left to the next fetch', async () => {
    const batches = Array.from({ length: 10 }, (_, n) => compressed(GZIP, n, ['v'.repeat(8_000_000)]));
    expect(told(await read(...batches)).map((line) => line.slice(0, 1))).toEqual(['0', '1', '2', '3', '4']);
  });

  it('a batch of too many empty records is one stub', async () => {
    const empty = Buffer.concat(Array.from({ length: 200_000 }, (_, n) => record(n)));
    const batch = withRecords(plainBatch(6, ['b']), GZIP, gzipSync(empty));
    batch.writeInt32BE(200_000, AT.count);
    batch.writeInt32BE(199_999, AT.lastOffsetDelta);
    expect(told(await read(batch))).toEqual(['200005: oversize']);
  });
});

describe('records of an unusual form', () => {
  it('a tombstone has no value, a header name need not be UTF-8, and the first of two equal headers counts', async () => {
    const odd = encodeBatch([{ key: null, value: null, headers: { ce_id: ['first', 'second'], 'n\ufffd': 'v' } }], NOW);
    const at = odd.indexOf(Buffer.from('\ufffd'));
    odd.set([0xff, 0xfe, 0xfd], at);
    const [message] = await read(odd);
    expect(message).toMatchObject({ key: null, value: null, unreadable: undefined });
    expect(message?.headers).toEqual({ ce_id: 'first', 'n\ufffd\ufffd\ufffd': 'v' });
  });

  it('a message set from before Kafka 0.11 is one stub at its last offset, in format 0 and 1', async () => {
    for (const magic of [0, 1]) {
      const old = plainBatch(6, ['b', 'c']);
      old[AT.magic] = magic;
      expect(told(await read(old, plainBatch(8, ['d'])))).toEqual(['6: unreadable', '8: d']);
    }
  });
});

describe('a batch whose last records are gone', () => {
  it('a batch whose last records were compacted away is passed over to its last offset', async () => {
    const batch = plainBatch(6, ['b']);
    batch.writeInt32BE(4, AT.lastOffsetDelta);
    const records = await readBatches(batch, END, new OpeningBudget());
    expect(records.map(({ offset, isControlRecord }) => [offset, isControlRecord])).toEqual([
      ['6', false],
      ['10', true],
    ]);
  });
});

/** Attributes, time, offset, no key, no value, no headers. */
function record(delta: number): Buffer {
  const body = Buffer.alloc(4 + sizeOfVarint(delta) + 1);
  const end = writeVarint(body, 2, delta);
  body.set([1, 1, 0], end);
  return Buffer.concat([Buffer.from([body.length * 2]), body]);
}

const BOMBS: Record<number, () => Buffer> = {
  [GZIP]: () => gzipSync(Buffer.alloc(17_000_000)),
  // It names a size of 4 GB and holds no content: the size alone is refused.
  [SNAPPY]: () => Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]),
  [LZ4]: () => {
    const block = Buffer.concat([Buffer.from([0x1f, 0x61, 1, 0]), Buffer.alloc(16_000, 255), Buffer.from([0, 0])]);
    const blocks = Array.from({ length: 5 }, () => [uint32(block.length), block]).flat();
    return Buffer.concat([uint32(0x184d2204), Buffer.from([0x60, 0x70, 0x73]), ...blocks, uint32(0)]);
  },
  [ZSTD]: () => {
    // A block that repeats one byte 100,000 times, 200 times over.
    const block = Buffer.concat([uint32((100_000 << 3) | 2).subarray(0, 3), Buffer.from([0x61])]);
    const last = Buffer.concat([uint32((1 << 3) | 3).subarray(0, 3), Buffer.from([0x61])]);
    return Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
      ...Array.from({ length: 200 }, () => block),
      last,
    ]);
  },
};
