/** Variable-length integers as Kafka writes them: zigzag, seven bits a byte, least significant first (protobuf's sint). */

const BITS = 7;
const MORE = 0x80;

/** Bytes of a length or a count: what is never negative but for -1, which stands for null. */
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

/** Reads one after the other. Integers beyond 53 bits lose their last digits: no length, count or difference of times is as large. */
export class VarintReader {
  constructor(
    readonly bytes: Buffer,
    public at: number,
  ) {}

  next(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    let zigzag = byte & (MORE - 1);
    for (let shift = BITS; byte >= MORE; shift += BITS) {
      byte = bytes[this.at++] ?? 0;
      zigzag += (byte & (MORE - 1)) * 2 ** shift;
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** Length and bytes. A view: nothing is copied. */
  nextBytes(): Buffer | null {
    const length = this.next();
    if (length < 0) return null;
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** The same as UTF-8. */
  nextText(): string | null {
    const length = this.next();
    if (length < 0) return null;
    return this.bytes.toString('utf8', this.at, (this.at += length));
  }

  /** Length and bytes, unread. */
  skip(): void {
    const length = this.next();
    if (length > 0) this.at += length;
  }
}
