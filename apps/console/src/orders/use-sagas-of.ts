import { useEffect, useState, useSyncExternalStore } from 'react';
import { read } from '../api/read.js';
import type { Order } from '../api/types.js';
import { type KnownSaga, knownSagas, seenOrder } from './known-sagas.js';
import { SagaReader } from './saga-reader.js';

const SAGAS_PAGE = 100;

const ask = (orderIds: readonly string[], cursor: string | undefined) =>
  read('/v1/sagas', {
    query: { orderId: orderIds.join(','), limit: SAGAS_PAGE, ...(cursor !== undefined && { cursor }) },
  });

/** What is known of the sagas of all orders. Those of the orders that are seen are read, together. */
export function useSagasOf(seen: readonly Order[]): ReadonlyMap<string, KnownSaga> {
  const [reader] = useState(
    () => new SagaReader({ known: knownSagas, ask, isSeen: () => document.visibilityState === 'visible' }),
  );
  useEffect(() => reader.want(seen.map(seenOrder)));
  useEffect(() => () => reader.end(), [reader]);
  return useSyncExternalStore(knownSagas.watch, () => knownSagas.all);
}

/** Whether the orchestrator did not answer when it was asked last. */
export const useSagasAway = (): boolean => useSyncExternalStore(knownSagas.watch, () => knownSagas.isAway);
