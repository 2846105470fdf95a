const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * MurmurHash2, 32 bit, as Kafka's Java client computes it (`org.apache.kafka.common.utils.Utils.murmur2`).
 * Our own: kafkajs does the same with 64-bit Long objects, and does not export it.
 */
export function murmur2(bytes: Buffer): number {
  const tail = bytes.length & ~3;
  let h = SEED ^ bytes.length;
  for (let i = 0; i < tail; i += 4) {
    let k = Math.imul(bytes.readInt32LE(i), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = bytes.length - tail;
  if (rest > 0) {
    h ^= bytes.readUIntLE(tail, rest);
    h = Math.imul(h, M);
  }
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

/** The partition of a key, the same as by the default partitioners of Java and kafkajs. This number is also the outbox shard of a message. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

/** Partitions of each topic that is declared without a number. */
export const DEFAULT_PARTITIONS = 4;
