import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { read } from '../api/read.js';
import type { Order } from '../api/types.js';
import { many } from '../api/many.js';
import { hasEnded } from './outcomes.js';

const EVERY_MS = 1_000;
const PAGE = 100;

export type Followed = ReadonlyMap<string, Order>;

/** How the orders of a run stand, asked until each has ended: the newest page first, which has most of them, then one by one. */
export const followQuery = (client: QueryClient, run: number, ids: readonly string[]) => {
  const queryKey = ['playground-run', run];
  const isOpen = (id: string, known: Followed | undefined): boolean => {
    const order = known?.get(id);
    return order === undefined || !hasEnded(order);
  };
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Followed> => {
      const known = new Map(client.getQueryData<Followed>(queryKey));
      const open = ids.filter((id) => isOpen(id, known));
      const { items } = await read('/v1/orders', { query: { limit: PAGE }, signal });
      const listed = new Map(items.map((order) => [order.id, order]));
      const unlisted: string[] = [];
      for (const id of open) {
        const order = listed.get(id);
        if (order) known.set(id, order);
        else unlisted.push(id);
      }
      const readOne = async (number: number): Promise<void> => {
        const orderId = unlisted[number - 1];
        if (orderId !== undefined)
          known.set(orderId, await read('/v1/orders/{orderId}', { path: { orderId }, signal }));
      };
      await many(unlisted.length, readOne, () => undefined, signal);
      return known;
    },
    enabled: ids.length > 0,
    refetchInterval: ({ state }) => (ids.some((id) => isOpen(id, state.data)) ? EVERY_MS : false),
    // A map is no JSON.
    structuralSharing: false,
  });
};
