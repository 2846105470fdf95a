import { gzipSync } from 'node:zlib';

/** A record as it is written: nothing about it is checked. */
export interface RawRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: Buffer, value: Buffer | null])[];
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** What a batch says of itself that is not so. */
export interface Lies {
  readonly magic?: number;
  /** Replaces the attributes: codec, kind of time, transaction, control. */
  readonly attributes?: number;
  readonly count?: number;
  readonly lastOffsetDelta?: number;
  /** Added to the checksum. */
  readonly crc?: number;
  /** Bytes of the records that are overwritten, from here on. */
  readonly scratch?: { readonly at: number; readonly bytes: Buffer };
  /** Bytes that are missing at the end. */
  readonly cut?: number;
}

const HEAD_BYTES = 61;
const UNCOUNTED_BYTES = 12;
const CRC_FROM = 21;
const GZIP = 1;

/** A batch of records, magic 2 (https://kafka.apache.org/documentation/#recordbatch), true but for its lies. */
export function batchOf(records: readonly RawRecord[], zipped: boolean, lies: Lies = {}): Buffer {
  const times = records.map(({ timestamp }) => timestamp);
  const first = times[0] ?? 0;
  const plain = Buffer.concat(records.map((record, index) => recordBytes(record, index, first)));
  const written = zipped ? gzipSync(plain) : plain;
  const { scratch, cut = 0 } = lies;
  if (scratch) scratch.bytes.copy(written, Math.min(scratch.at, written.length));
  const body = written.subarray(0, Math.max(0, written.length - cut));
  const batch = Buffer.concat([Buffer.alloc(HEAD_BYTES), body]);
  batch.writeInt32BE(batch.length - UNCOUNTED_BYTES, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(lies.magic ?? 2, 16);
  batch.writeInt16BE(lies.attributes ?? (zipped ? GZIP : 0), 21);
  batch.writeInt32BE(lies.lastOffsetDelta ?? records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(Math.max(...times)), 35);
  batch.writeBigInt64BE(-1n, 43);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(lies.count ?? records.length, 57);
  batch.writeUInt32BE((crc32c(batch.subarray(CRC_FROM)) + (lies.crc ?? 0)) >>> 0, 17);
  return batch;
}

function recordBytes({ key, value, headers, timestamp }: RawRecord, index: number, first: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestamp - first),
    varint(index),
    bytes(key),
    bytes(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [bytes(name), bytes(text)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

const bytes = (value: Buffer | null): Buffer =>
  value === null ? varint(-1) : Buffer.concat([varint(value.length), value]);

/** Zigzag, seven bits a byte, least significant first. */
function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(out);
}

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), reflected. */
const CASTAGNOLI = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc;
});

export function crc32c(of: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of of) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
