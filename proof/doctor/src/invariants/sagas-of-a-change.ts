import { derivedId } from '@backstep/messages';
import type { Evidence, OrderFacts, SagaFacts } from '../evidence.js';

/** The sagas that change an order, by the kind of the change. */
const SAGA_OF: Readonly<Record<string, string>> = { cancel: 'cancel-order', revise: 'revise-order' };

/** The id of the saga of a change: an order has one saga for each. */
export const sagaIdOfChange = (kind: string, orderId: string, changeId: string): string =>
  derivedId(SAGA_OF[kind] ?? kind, orderId, changeId);

/** The sagas that an order waits for: the one of its change, or the one that places it. */
export function awaitedSagas({ sagas }: Evidence, { id: orderId, change }: OrderFacts): readonly SagaFacts[] {
  const own = sagas.get(orderId) ?? [];
  if (change?.from !== 'CONFIRMED') return own.filter(({ type }) => type === 'place-order');
  const wanted = sagaIdOfChange(change.kind, orderId, change.id);
  return own.filter(({ id }) => id === wanted);
}
