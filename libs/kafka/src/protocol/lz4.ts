import { repeat } from './snappy.js';
import { MalformedError, TooLargeError } from './unreadable.js';

/**
 * LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), read with a bound. No package does that: `lz4js` has no bound
 * within a block, which may open to 255 times its size, and `lz4-napi` is native and has no bound at all. Checksums are not verified,
 * because the batch has one.
 */
const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const STORED = 0x80000000;
const FLAG = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 };
const VERSION_MASK = 0xc0;
const VERSION = 0x40;
/** By the number in the frame's head: 64 KB, 256 KB, 1 MB, 4 MB. */
const BLOCK_MAX_BYTES = new Map([4, 5, 6, 7].map((code) => [code, 2 ** (8 + 2 * code)]));
const MIN_MATCH = 4;
const WINDOW_BYTES = 64 * 1024;

/** @throws MalformedError, TooLargeError */
export function openLz4(bytes: Buffer, maxBytes: number): Buffer {
  const frames = new Frames(bytes, maxBytes);
  while (frames.next());
  return frames.opened();
}

class Frames {
  private at = 0;
  private size = 0;
  private out = Buffer.allocUnsafe(0);

  constructor(
    private readonly bytes: Buffer,
    private readonly maxBytes: number,
  ) {}

  opened(): Buffer {
    return this.out.subarray(0, this.size);
  }

  /** Opens one frame. @returns whether there was one */
  next(): boolean {
    if (this.at >= this.bytes.length) return false;
    const magic = this.word();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      this.take(this.word());
      return true;
    }
    if (magic !== MAGIC) throw new MalformedError('not an LZ4 frame');
    const [flags = 0, descriptor = 0] = this.take(2);
    if ((flags & VERSION_MASK) !== VERSION) throw new MalformedError('an LZ4 frame of an unknown version');
    if (flags & FLAG.dictionary) throw new MalformedError('an LZ4 frame that needs a dictionary');
    const blockMax = BLOCK_MAX_BYTES.get((descriptor >>> 4) & 7);
    if (blockMax === undefined) throw new MalformedError('an LZ4 frame with blocks of an unknown size');
    if (flags & FLAG.contentSize) this.take(8);
    this.take(1); // The checksum of the head.
    const frameFrom = this.size;
    for (let head = this.word(); head !== 0; head = this.word()) {
      const block = this.take(head & ~STORED);
      if (flags & FLAG.blockChecksum) this.take(4);
      if (head >= STORED) this.store(block);
      else this.openBlock(block, Math.max(frameFrom, this.size - WINDOW_BYTES), this.size + blockMax);
    }
    if (flags & FLAG.contentChecksum) this.take(4);
    return true;
  }

  private word(): number {
    return this.take(4).readUInt32LE(0);
  }

  private take(count: number): Buffer {
    if (count > this.bytes.length - this.at) throw new MalformedError('LZ4 is cut off');
    return this.bytes.subarray(this.at, (this.at += count));
  }

  /** Makes place for `count` more bytes. */
  private grow(count: number): void {
    const needed = this.size + count;
    if (needed > this.maxBytes) throw new TooLargeError(`LZ4 that opens to more than ${this.maxBytes} bytes`);
    if (needed <= this.out.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(needed, 2 * this.out.length, WINDOW_BYTES)));
    this.out.copy(larger, 0, 0, this.size);
    this.out = larger;
  }

  private store(block: Buffer): void {
    this.grow(block.length);
    block.copy(this.out, this.size);
    this.size += block.length;
  }

  /** A block is a list of sequences: a token, literals, and a copy of earlier output. The last sequence has no copy. */
  private openBlock(block: Buffer, from: number, end: number): void {
    for (let at = 0; at < block.length;) {
      const token = block[at++] ?? 0;
      const literals = lengthAt(block, at, token >>> 4);
      at = literals.at;
      if (literals.length > block.length - at) throw new MalformedError('an LZ4 literal is too long');
      this.fits(literals.length, end);
      block.copy(this.out, this.size, at, at + literals.length);
      this.size += literals.length;
      at += literals.length;
      if (at === block.length) return;
      if (at + 2 > block.length) throw new MalformedError('an LZ4 block is cut off');
      const offset = block.readUInt16LE(at);
      const match = lengthAt(block, at + 2, token & 15);
      at = match.at;
      const length = match.length + MIN_MATCH;
      if (offset > this.size - from) throw new MalformedError('a copy from before the beginning');
      this.fits(length, end);
      this.size = repeat(this.out, this.size, offset, length);
    }
  }

  private fits(count: number, end: number): void {
    if (count > end - this.size) throw new MalformedError('an LZ4 block opens to more than its frame allows');
    this.grow(count);
  }
}

/** A length of four bits. 15 means that more bytes are to be added, up to the first that is not 255. */
function lengthAt(block: Buffer, at: number, nibble: number): { length: number; at: number } {
  let length = nibble;
  if (nibble < 15) return { length, at };
  for (let byte = 255; byte === 255;) {
    if (at >= block.length) throw new MalformedError('an LZ4 length is cut off');
    byte = block[at++] ?? 0;
    length += byte;
  }
  return { length, at };
}
