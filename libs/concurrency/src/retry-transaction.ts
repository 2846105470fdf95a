import type { DataSource, EntityManager } from 'typeorm';
import { backoffMs, delay, type BackoffPolicy } from '@backstep/resilience';
import { OptimisticLockError, TransactionRetryError, translate } from './errors.js';

/** How often {@link retryTransaction} runs a transaction, and the pauses between. */
export interface RetryPolicy extends BackoffPolicy {
  /** How often the transaction is run at most, the first time included. */
  readonly attempts: number;
}

/** Five attempts; random pauses, the longest 200 ms. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 5, capMs: 200 };

/**
 * Runs `work` in a transaction, and runs the whole of it again in a new transaction on 40001, 40P01 and lost optimistic locks.
 * `work` must read what it changes within the transaction, and must have no effect outside the database.
 * @throws the last of these errors when the attempts are used up; any other error at once.
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
