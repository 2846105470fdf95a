import {
  AT,
  COMPRESSION,
  CONTROL,
  HEAD_BYTES,
  LOG_APPEND_TIME,
  MAGIC,
  TRANSACTIONAL,
  UNCOUNTED_BYTES,
} from './batch-head.js';
import { open } from './compression.js';
import { FetchedRecord, UnreadableBatch, type BatchContext } from './fetched-record.js';
import { BATCH_MAX_RECORDS, OPENED_ANSWER_MAX_BYTES, OPENED_BATCH_MAX_BYTES, RECORD_OVERHEAD_BYTES } from './limits.js';
import { MalformedError, TooLargeError } from './unreadable.js';
import { VarintReader } from './varint.js';

export type ReadRecord = FetchedRecord | UnreadableBatch;

/** How many bytes the records of one answer may still take in memory. */
export class OpeningBudget {
  private bytes = OPENED_ANSWER_MAX_BYTES;

  get spent(): boolean {
    return this.bytes <= 0;
  }

  spend(bytes: number): void {
    this.bytes -= bytes;
  }
}

/**
 * The records of the batches that a fetch brought for a partition. A last batch that is cut off is left out, as are batches beyond the
 * budget. A batch that cannot be read is one {@link UnreadableBatch}. No content of a batch makes this throw.
 *
 * The next fetch begins behind the last record, so an unreadable batch needs an offset that moves on. It is the last offset that the batch's
 * head names. If that cannot be true, it is the last offset before the next batch, or before `end`, up to which Kafka had messages. Kafka
 * itself finds batches by their lengths and refuses impossible ones, so another batch begins where the length of this one ends.
 */
export async function readBatches(bytes: Buffer, end: number, budget: OpeningBudget): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    if (records.length > 0 && budget.spent) break;
    const length = bytes.readInt32BE(at + AT.batchLength);
    const next = at + UNCOUNTED_BYTES + length;
    if (next > bytes.length) break;
    if (length <= 0) {
      records.push(unreadable(bytes.subarray(at), end - 1, new MalformedError(`a batch of ${length} bytes`)));
      break;
    }
    const batch = bytes.subarray(at, next);
    try {
      const read = readBatch(batch, budget, records);
      if (read) await read;
    } catch (error) {
      records.push(unreadable(batch, lastOffsetOf(batch) ?? beginOf(bytes, next) ?? end - 1, error));
    }
    at = next;
  }
  return records;
}

/** The batch's last offset; undefined when its head cannot be true. */
function lastOffsetOf(batch: Buffer): number | undefined {
  const base = Number(batch.readBigInt64BE(AT.baseOffset));
  // A message set of an older format has the offset of its last message.
  const delta = batch[AT.magic] === MAGIC && batch.length >= HEAD_BYTES ? batch.readInt32BE(AT.lastOffsetDelta) : 0;
  return base >= 0 && delta >= 0 && base + delta < Number.MAX_SAFE_INTEGER ? base + delta : undefined;
}

/** The offset before the first of the batch at `at`. */
function beginOf(bytes: Buffer, at: number): number | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined;
  const base = Number(bytes.readBigInt64BE(at + AT.baseOffset));
  return base > 0 && base < Number.MAX_SAFE_INTEGER ? base - 1 : undefined;
}

function unreadable(batch: Buffer, lastOffset: number, error: unknown): UnreadableBatch {
  const { message } = error as Error;
  const base = batch.readBigInt64BE(AT.baseOffset);
  const time = batch[AT.magic] === MAGIC && batch.length >= HEAD_BYTES ? batch.readBigInt64BE(AT.maxTimestamp) : 0n;
  return new UnreadableBatch(String(Math.max(0, lastOffset)), String(time), {
    cause: error instanceof TooLargeError ? 'oversize' : 'unreadable',
    error: `the batch of offsets ${base} to ${lastOffset} cannot be read: ${message}`,
    sizeBytes: batch.length,
  });
}

/** Adds the batch's records to `into`, all or none. @returns a promise only for a compressed batch, so the others cost none */
function readBatch(batch: Buffer, budget: OpeningBudget, into: ReadRecord[]): Promise<void> | undefined {
  if (batch.length < HEAD_BYTES || batch[AT.magic] !== MAGIC) {
    throw new MalformedError(`${batch.length} bytes of message format ${batch[AT.magic]}, which is not read here`);
  }
  const attributes = batch.readInt16BE(AT.attributes);
  const count = batch.readInt32BE(AT.count);
  const lastOffset = lastOffsetOf(batch);
  const lastDelta = batch.readInt32BE(AT.lastOffsetDelta);
  if (lastOffset === undefined) throw new MalformedError('its offsets cannot be');
  if (count < 0 || count > lastDelta + 1) throw new MalformedError(`${count} records of ${lastDelta + 1} offsets`);
  if (count > BATCH_MAX_RECORDS) throw new TooLargeError(`${count} records`);
  const context = contextOf(batch, attributes);
  const codec = attributes & COMPRESSION;
  if (codec === 0 || count === 0) {
    budget.spend(batch.length + count * RECORD_OVERHEAD_BYTES);
    readRecords(batch, HEAD_BYTES, count, context, into);
    return undefined;
  }
  return openAndRead(codec, batch, count, context, budget, into);
}

async function openAndRead(
  codec: number,
  batch: Buffer,
  count: number,
  context: BatchContext,
  budget: OpeningBudget,
  into: ReadRecord[],
): Promise<void> {
  const opened = await open(codec, batch.subarray(HEAD_BYTES), OPENED_BATCH_MAX_BYTES);
  budget.spend(opened.length + count * RECORD_OVERHEAD_BYTES);
  readRecords(opened, 0, count, context, into);
}

function contextOf(batch: Buffer, attributes: number): BatchContext {
  return {
    firstOffset: String(Number(batch.readBigInt64BE(AT.baseOffset))),
    firstTimestamp: String(Number(batch.readBigInt64BE(AT.firstTimestamp))),
    maxTimestamp: batch.readBigInt64BE(AT.maxTimestamp).toString(),
    producerId: batch.readBigInt64BE(AT.producerId).toString(),
    producerEpoch: batch.readInt16BE(AT.producerEpoch),
    firstSequence: batch.readInt32BE(AT.firstSequence),
    partitionLeaderEpoch: batch.readInt32BE(AT.leaderEpoch),
    lastOffsetDelta: batch.readInt32BE(AT.lastOffsetDelta),
    timestampType: attributes & LOG_APPEND_TIME ? 1 : 0,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControlBatch: (attributes & CONTROL) !== 0,
    magicByte: MAGIC,
  };
}

/**
 * Finds where each record begins and ends, and that it lies within the batch. The content of a record is read later, on demand. A record
 * beyond the batch's last offset is refused: its reader would go on behind it, and skip messages of the next batch.
 */
function readRecords(bytes: Buffer, from: number, count: number, context: BatchContext, into: ReadRecord[]): void {
  const before = into.length;
  const firstOffset = Number(context.firstOffset);
  const firstTimestamp = Number(context.firstTimestamp);
  const { lastOffsetDelta } = context;
  const appendTime = context.timestampType === 1;
  const reader = new VarintReader(bytes, from);
  let lastDelta = -1;
  try {
    for (let left = count; left > 0; left--) {
      const size = reader.nextLength();
      if (size < 0) throw new MalformedError('a record without a size');
      const end = reader.at + size;
      const attributes = bytes[reader.at++] ?? 0;
      const timestamp = firstTimestamp + reader.next();
      const delta = reader.next();
      if (delta <= lastDelta || delta > lastOffsetDelta) throw new MalformedError(`a record ${delta} after the first`);
      if (reader.at > end) throw new MalformedError(`a record of ${size} bytes`);
      lastDelta = delta;
      const time = appendTime ? context.maxTimestamp : String(timestamp);
      into.push(new FetchedRecord(context, attributes, time, String(firstOffset + delta), bytes, reader.at, end));
      reader.at = end;
    }
    if (reader.at !== bytes.length) throw new MalformedError(`${bytes.length - reader.at} bytes after the last record`);
  } catch (error) {
    into.length = before;
    throw error;
  }
  // Compaction leaves batches whose last records are gone. A control record makes readers pass over the rest.
  if (lastDelta < lastOffsetDelta) into.push(passing(context, firstOffset + lastOffsetDelta));
}

const NO_RECORD = Buffer.from([1, 1, 0]);

const passing = (context: BatchContext, offset: number): FetchedRecord =>
  new FetchedRecord(
    { ...context, isControlBatch: true },
    0,
    context.maxTimestamp,
    String(offset),
    NO_RECORD,
    0,
    NO_RECORD.length,
  );
