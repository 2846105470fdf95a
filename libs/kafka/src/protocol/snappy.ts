import { MalformedError, TooLargeError } from './unreadable.js';

/**
 * Snappy (https://github.com/google/snappy/blob/main/format_description.txt), read with a bound. No package does that: `snappyjs` reads a
 * length of 2^31 and more as negative and loops for ever; `snappy` is native and missing in an image built without optional packages.
 */
const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;

/** Blocks with a header, as Kafka's Java clients and brokers write them: magic, two versions, then length and block. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEAD_BYTES = 16;

/** @throws MalformedError, TooLargeError */
export function openSnappy(bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return openBlock(bytes, maxBytes);
  const blocks: Buffer[] = [];
  let left = maxBytes;
  for (let at = XERIAL_HEAD_BYTES; at < bytes.length;) {
    const size = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0;
    at += 4;
    if (size === 0 || size > bytes.length - at) throw new MalformedError('a snappy block is cut off');
    const block = openBlock(bytes.subarray(at, at + size), left);
    left -= block.length;
    blocks.push(block);
    at += size;
  }
  return Buffer.concat(blocks);
}

function openBlock(bytes: Buffer, maxBytes: number): Buffer {
  const { size, from } = sizeOf(bytes);
  if (size > maxBytes) throw new TooLargeError(`snappy that opens to ${size} bytes`);
  const out = Buffer.allocUnsafe(size);
  let at = from;
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    const kind = tag & 3;
    if (kind === LITERAL) {
      let length = tag >>> 2;
      const more = length - 59;
      if (more > 0) {
        length = littleEndian(bytes, at, more);
        at += more;
      }
      length++;
      if (length > bytes.length - at || length > size - end) throw new MalformedError('a snappy literal is too long');
      bytes.copy(out, end, at, at + length);
      at += length;
      end += length;
    } else {
      const offsetBytes = kind === COPY_1 ? 1 : kind === COPY_2 ? 2 : 4;
      const length = kind === COPY_1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const high = kind === COPY_1 ? (tag >>> 5) << 8 : 0;
      const offset = high + littleEndian(bytes, at, offsetBytes);
      at += offsetBytes;
      end = repeat(out, end, offset, length);
    }
  }
  if (end !== size) throw new MalformedError(`snappy that opens to ${end} bytes and says ${size}`);
  return out;
}

/** The first bytes are the size of the opened block: at most 32 bits, seven a byte. */
function sizeOf(bytes: Buffer): { size: number; from: number } {
  let size = 0;
  for (let from = 0; from < 5 && from < bytes.length; from++) {
    const byte = bytes[from] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * from);
    if (byte < 0x80) return { size, from: from + 1 };
  }
  throw new MalformedError('snappy without its size');
}

function littleEndian(bytes: Buffer, at: number, count: number): number {
  if (count > bytes.length - at) throw new MalformedError('snappy is cut off');
  return bytes.readUIntLE(at, count);
}

/** Appends `length` bytes from `offset` bytes before the end. Source and target may overlap. @returns the new end */
export function repeat(out: Buffer, end: number, offset: number, length: number): number {
  if (offset === 0 || offset > end) throw new MalformedError('a copy from before the beginning');
  if (length > out.length - end) throw new MalformedError('more bytes than were announced');
  if (offset >= length) out.copyWithin(end, end - offset, end - offset + length);
  else if (offset === 1) out.fill(out[end - 1] ?? 0, end, end + length);
  else for (let index = end; index < end + length; index++) out[index] = out[index - offset] ?? 0;
  return end + length;
}
