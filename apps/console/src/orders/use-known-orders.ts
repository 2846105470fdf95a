import { useSyncExternalStore } from 'react';
import { type KnownOrder, knownOrders } from './known-orders.js';

export const useKnownOrders = (): ReadonlyMap<string, KnownOrder> =>
  useSyncExternalStore(knownOrders.watch, () => knownOrders.all);
