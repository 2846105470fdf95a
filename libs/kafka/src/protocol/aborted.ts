import type { ReadRecord } from './batch-reader.js';
import { FetchedRecord } from './fetched-record.js';

/** A transaction that was aborted and has records in the answer of a fetch. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** The key of the control record that aborts a transaction: version 0, type 0. */
const ABORT = Buffer.from([0, 0, 0, 0]);

/**
 * Replaces records of aborted transactions by records that every reader passes over. Kafka leaves it to its clients to filter them.
 * kafkajs filters them in its consumer alone, and has two faults: it takes any record whose key is four zeros for the end of a transaction,
 * and where several transactions begin between two records it enters only one of them. So the answer that kafkajs gets names no aborted ones.
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
