import type { OrderMessage, SagaSummary } from '../shared/representations.js';

/**
 * Of an order's messages those of one saga: what carries its id, what led directly to that, and what belongs to no saga and came after it
 * began. What other sagas of the order said is theirs.
 */
export function messagesOfSaga(
  { id, createdAt }: Pick<SagaSummary, 'id' | 'createdAt'>,
  messages: readonly OrderMessage[],
): readonly OrderMessage[] {
  const isOwn = ({ headers }: OrderMessage): boolean => headers['ce_sagaid'] === id;
  const causes = new Set(messages.filter(isOwn).map(({ headers }) => headers['ce_causationid']));
  const began = Date.parse(createdAt);
  return messages.filter((message) => {
    const { headers, timestamp } = message;
    if (isOwn(message) || causes.has(headers['ce_id'] ?? '')) return true;
    return headers['ce_sagaid'] === undefined && Date.parse(timestamp) >= began;
  });
}
