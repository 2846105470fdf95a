/** Where the fields of a record batch stand, magic 2 (https://kafka.apache.org/documentation/#recordbatch). Integers are big-endian. */
export const MAGIC = 2;
/** Size of the head: everything before the records. All its fields have a fixed size. */
export const HEAD_BYTES = 61;
export const AT = {
  baseOffset: 0,
  batchLength: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
} as const;
/** `batchLength` counts the bytes after itself, so these are not counted. */
export const UNCOUNTED_BYTES = 12;

/** Bits of `attributes`. */
export const COMPRESSION = 0x07;
export const LOG_APPEND_TIME = 0x08;
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;
