import { executorIn, transactionOf, write } from '@backstep/concurrency';
import { derivedId, isUuid } from '@backstep/messages';
import type { EntityManager } from 'typeorm';
import type { Delivered } from './delivered.js';
import { parkPart } from './park.js';

/**
 * Runs `work` once for each message id, in the transaction of `manager`. The id is inserted, never looked up first. So of two transactions
 * that handle one message at once, the second waits for the first: it drops the message when the first commits, and handles it when the
 * first rolls back.
 *
 * `work` runs in a savepoint, with the manager that it gets. When `work` throws, its effects and the id are rolled back and the error is
 * thrown on. The transaction can go on, for example with {@link park}.
 * @param messageId any text, a UUID or not. Two consumers that share a database prefix it with their name.
 * @returns whether `work` ran; false: the message is a duplicate, or parked
 * @throws NoTransactionError; what `work` throws
 */
export async function once(
  manager: EntityManager,
  messageId: string,
  work: (manager: EntityManager) => Promise<unknown>,
): Promise<boolean> {
  transactionOf(manager, 'inbox.once');
  const id = inboxIdOf(messageId);
  return manager.transaction(async (nested) => {
    const isNew = await remember(nested, id);
    if (isNew) await work(nested);
    return isNew;
  });
}

/**
 * Parks a message that cannot be handled, so that later messages can be. Its id goes into the inbox too: when the message is delivered
 * again, {@link once} drops it. {@link ParkingLot} shows what is parked.
 * @param messageId the same as for {@link once}
 * @returns false when the message was handled or parked before
 * @throws NoTransactionError
 */
export async function park(
  manager: EntityManager,
  messageId: string,
  delivered: Delivered,
  error: unknown,
): Promise<boolean> {
  const runner = transactionOf(manager, 'inbox.park');
  const id = inboxIdOf(messageId);
  if (!(await remember(manager, id))) return false;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const parking = { id, delivered, state: 'poisoned', cause: 'handler_failed', error: text } as const;
  await write(executorIn(runner), [{ ...parkPart([parking]), rows: undefined }]);
  return true;
}

/** Both functions under one name: `inbox.once(…)`, `inbox.park(…)`. */
export const inbox = { once, park } as const;

async function remember(manager: EntityManager, id: string): Promise<boolean> {
  const inserted: unknown[] = await manager.query(
    '/* inbox.once */ INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1',
    [id],
  );
  return inserted.length === 1;
}

function inboxIdOf(messageId: string): string {
  if (typeof messageId !== 'string' || messageId === '')
    throw new TypeError('messageId must be a text that is not empty');
  return isUuid(messageId) ? messageId.toLowerCase() : derivedId('inbox', messageId);
}
