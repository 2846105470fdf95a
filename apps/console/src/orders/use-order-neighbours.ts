import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ordersQuery } from '../api/queries.js';
import type { OrderSearch } from '../order/order-search.js';
import { announce } from '../shell/announce.js';
import { type Neighbours, useNeighbourKeys } from '../ui/neighbour-buttons.js';
import { placeIn } from '../ui/neighbours.js';
import { ordersShownLast } from './came-from.js';

const NONE: readonly string[] = [];

/** The orders above and below this one in the list that was shown last; in that of all orders where none was. */
export function useOrderNeighbours(orderId: string, tab: OrderSearch['tab']): Neighbours {
  const navigate = useNavigate();
  // It is as it was read: whoever goes through it meets each order once. What nobody has read is asked for when somebody goes there.
  const list = useInfiniteQuery({ ...ordersQuery(ordersShownLast()), enabled: false });
  const idsOf = (data: typeof list.data): readonly string[] =>
    data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? NONE;
  const { index, after } = placeIn(idsOf(list.data), orderId);
  const open = (id: string): void =>
    void navigate({ to: '/orders/$orderId', params: { orderId: id }, search: tab ? { tab } : {}, replace: true });
  const step = async (by: -1 | 1): Promise<void> => {
    const read = async () => {
      if (!list.data) return idsOf((await list.refetch()).data);
      return by === 1 && after === undefined && index >= 0 && list.hasNextPage
        ? idsOf((await list.fetchNextPage()).data)
        : idsOf(list.data);
    };
    const place = placeIn(await read(), orderId);
    const to = by === -1 ? place.before : place.after;
    if (to !== undefined) open(to);
    else if (place.index < 0) announce('This order is not in the list that was read: open it from the list.');
    else announce(by === -1 ? 'This is the first order of the list.' : 'This is the last order of the list.');
  };
  const neighbours: Neighbours = {
    of: 'order',
    isFirst: index === 0,
    isLast: index >= 0 && after === undefined && !list.hasNextPage,
    step: (by) => void step(by),
  };
  useNeighbourKeys(neighbours);
  return neighbours;
}
