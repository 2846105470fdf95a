import type { ReadRecord } from './batch-reader.js';
import { FetchedRecord } from './fetched-record.js';

/** Of a fetch's answer: the transactions that were given up and have records in it. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** Version 0, type 0. */
const ABORT = Buffer.from([0, 0, 0, 0]);

/**
 * Records of transactions that were given up become such that every reader passes over: Kafka leaves it to its clients to leave them out.
 * kafkajs does so in its consumer alone; it takes any record whose key is four zeros for the end of a transaction, and enters one transaction a record
 * where several begin at once. From here on there are none.
 */
export function withoutAborted(
  records: readonly ReadRecord[],
  aborted: readonly AbortedTransaction[] | null,
): readonly ReadRecord[] {
  if (!aborted || aborted.length === 0) return records;
  const coming = [...aborted].sort((a, b) => (BigInt(a.firstOffset) < BigInt(b.firstOffset) ? -1 : 1));
  const open = new Set<string>();
  return records.map((record) => {
    while (coming[0] && BigInt(coming[0].firstOffset) <= BigInt(record.offset)) open.add(coming.shift()!.producerId);
    const { producerId, inTransaction } = record.batchContext;
    if (!(record instanceof FetchedRecord) || !inTransaction || !open.has(producerId)) return record;
    if (!record.isControlRecord) return record.passedOver();
    if (record.key?.equals(ABORT)) open.delete(producerId);
    return record;
  });
}
