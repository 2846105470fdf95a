/** Magic numbers of RFC 8878, 3.1.1 and 3.1.2. */
const FRAME = 0xfd2fb528;
/** The last hexadecimal digit may be any. */
const SKIPPABLE = 0x184d2a50;
const BLOCK_MAX_BYTES = 128 * 1024;
const [RAW, REPEATED, COMPRESSED] = [0, 1, 2];

/**
 * The most bytes that zstd may open to, by its frames and the heads of its blocks; nothing is opened. The head of a compressed block does
 * not name its opened size, so it counts as the largest that a block may have.
 * @returns undefined when the bytes are no frames
 */
export function zstdMayOpenTo(bytes: Buffer): number | undefined {
  let total = 0;
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return undefined;
    const magic = bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== FRAME) return undefined;
    const descriptor = bytes[at + 4] ?? 0;
    const whole = (descriptor & 0x20) !== 0;
    const sizeBytes = [whole ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    at += 5 + (whole ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeBytes;
    for (let last = false; !last;) {
      if (at + 3 > bytes.length) return undefined;
      const head = bytes.readUIntLE(at, 3);
      const size = head >> 3;
      const kind = (head >> 1) & 3;
      last = (head & 1) === 1;
      if (kind !== RAW && kind !== REPEATED && kind !== COMPRESSED) return undefined;
      total += kind === COMPRESSED ? BLOCK_MAX_BYTES : size;
      at += 3 + (kind === REPEATED ? 1 : size);
    }
    if ((descriptor & 4) !== 0) at += 4;
    if (at > bytes.length) return undefined;
  }
  return total;
}
