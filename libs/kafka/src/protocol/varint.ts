/** Variable-length integers as Kafka writes them: zigzag, seven bits a byte, least significant first (protobuf's sint). */
import { MalformedError } from './unreadable.js';

const BITS = 7;
const MORE = 0x80;
/** 64 bits are ten bytes. */
const MAX_SHIFT = 9 * BITS;

/** Bytes of a length or a count. Neither is negative, except -1, which stands for null. */
export function sizeOfVarint(value: number): number {
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value;
  let size = 1;
  for (; zigzag >= MORE; zigzag = Math.floor(zigzag / MORE)) size++;
  return size;
}

/** @returns where the next byte goes */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value;
  for (; zigzag >= MORE; zigzag = Math.floor(zigzag / MORE)) into[at++] = (zigzag % MORE) | MORE;
  into[at++] = zigzag;
  return at;
}

/**
 * Reads one field after the other, never beyond `end`. Integers beyond 53 bits lose their last digits: no length, count or time difference
 * is as large.
 * @throws MalformedError from every method
 */
export class VarintReader {
  constructor(
    readonly bytes: Buffer,
    public at: number,
    readonly end: number = bytes.length,
  ) {}

  next(): number {
    const { bytes, end } = this;
    let zigzag = 0;
    for (let shift = 0; ; shift += BITS) {
      if (this.at >= end) throw new MalformedError('a number is cut off');
      if (shift > MAX_SHIFT) throw new MalformedError('a number has more than ten bytes');
      const byte = bytes[this.at++] ?? 0;
      if (shift < 28) zigzag |= (byte & (MORE - 1)) << shift;
      else zigzag += (byte & (MORE - 1)) * 2 ** shift;
      if (byte < MORE) break;
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** The number of bytes that follow, checked to lie before `end`. -1 stands for null. */
  nextLength(): number {
    const length = this.next();
    if (length < -1 || length > this.end - this.at) throw new MalformedError(`a length of ${length} bytes`);
    return length;
  }

  /** Length and bytes, as a view: nothing is copied. */
  nextBytes(): Buffer | null {
    const length = this.nextLength();
    if (length < 0) return null;
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** Length and bytes, decoded as UTF-8. */
  nextText(): string | null {
    const length = this.nextLength();
    if (length < 0) return null;
    return this.bytes.toString('utf8', this.at, (this.at += length));
  }

  /** Passes over length and bytes. @returns the length */
  skip(): number {
    const length = this.nextLength();
    if (length > 0) this.at += length;
    return length;
  }
}
