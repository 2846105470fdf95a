import type { Executor } from '@backstep/concurrency';
import type { ParkedState } from './parking.js';
import { parkedKey } from './storable.js';

/** A message that the inbox has, and since when. */
export interface ReceivedEvidence {
  readonly messageId: string;
  /** RFC 3339, by the database's clock. */
  readonly receivedAt: string;
}

/** A parked message without what it says. */
export interface ParkedEvidence {
  readonly id: string;
  readonly type: string | null;
  readonly state: ParkedState;
  readonly cause: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** RFC 3339. */
  readonly parkedAt: string;
}

/** Which of these messages the inbox has, the oldest first. */
export async function receivedMessages(
  executor: Executor,
  messageIds: readonly string[],
): Promise<readonly ReceivedEvidence[]> {
  const { rows } = await executor.query(
    '/* inbox.evidence */ SELECT message_id, received_at FROM inbox WHERE message_id = ANY($1::uuid[]) ORDER BY received_at, message_id',
    [messageIds],
  );
  return (rows as { message_id: string; received_at: Date }[]).map((row) => ({
    messageId: row.message_id,
    receivedAt: row.received_at.toISOString(),
  }));
}

/** What is parked of a key in whatever state, in the order in which it was parked, at most `limit`. */
export async function parkedOfKey(executor: Executor, key: string, limit: number): Promise<readonly ParkedEvidence[]> {
  const { rows } = await executor.query(
    `/* inbox.parked-evidence */ SELECT id, type, state, cause, topic, partition, kafka_offset, parked_at
     FROM parked_message WHERE key = $1 ORDER BY seq LIMIT $2`,
    [parkedKey(key), limit],
  );
  return (rows as ParkedRow[]).map(({ kafka_offset: offset, parked_at: parkedAt, ...row }) => ({
    ...row,
    offset,
    parkedAt: parkedAt.toISOString(),
  }));
}

interface ParkedRow extends Omit<ParkedEvidence, 'offset' | 'parkedAt'> {
  readonly kafka_offset: string;
  readonly parked_at: Date;
}
