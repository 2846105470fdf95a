import type { DataSource, EntityManager } from 'typeorm';
import { backoffMs, delay, type BackoffPolicy } from '@backstep/resilience';
import { OptimisticLockError, TransactionRetryError, translate } from './errors.js';

export interface RetryPolicy extends BackoffPolicy {
  /** How often the transaction is run in all. */
  readonly attempts: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 5, capMs: 200 };

/**
 * Runs `work` in a transaction, and the whole of it again, with fresh entities, on 40001, 40P01 and lost optimistic locks.
 * `work` must read what it changes inside, and must have no effect outside the database.
 * @throws the last error when the attempts are used up; any other error at once.
 */
export async function retryTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  policy: RetryPolicy = DEFAULT_RETRY,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await dataSource.transaction(work);
    } catch (thrown) {
      const error = translate(thrown);
      const again = error instanceof TransactionRetryError || error instanceof OptimisticLockError;
      if (!again || attempt + 1 >= policy.attempts) throw error;
      await delay(backoffMs(policy, attempt));
    }
  }
}
