import type { Executor } from '@backstep/concurrency';
import { headersOf } from './stored-headers.js';

/** A message that is committed and not yet known to be in Kafka. */
export interface UnsentEvidence {
  readonly id: string;
  readonly topic: string;
  readonly type: string | null;
  /** RFC 3339, by the database's clock. */
  readonly createdAt: string;
}

/** What the outbox has of a key, in the order of the commits, at most `limit`. */
export async function unsentOfKey(executor: Executor, key: string, limit: number): Promise<readonly UnsentEvidence[]> {
  const { rows } = await executor.query(
    '/* outbox.evidence */ SELECT id, topic, headers, created_at FROM outbox WHERE key = $1 ORDER BY seq LIMIT $2',
    [key, limit],
  );
  return (rows as UnsentRow[]).map(({ id, topic, headers, created_at: createdAt }) => ({
    id,
    topic,
    type: headersOf({ id, key, headers })['ce_type'] ?? null,
    createdAt: createdAt.toISOString(),
  }));
}

interface UnsentRow extends Pick<UnsentEvidence, 'id' | 'topic'> {
  readonly headers: string;
  readonly created_at: Date;
}
