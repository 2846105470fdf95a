import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ordersQuery } from '../api/queries.js';
import type { OrderSearch } from '../order/order-search.js';
import type { Neighbours } from '../ui/neighbour-buttons.js';
import { useNeighbours } from '../ui/use-neighbours.js';
import { ordersShownLast } from '../shell/came-from.js';

const NONE: readonly string[] = [];

/** The orders above and below this one in the list that was shown last; in that of all orders where none was. */
export function useOrderNeighbours(orderId: string, tab: OrderSearch['tab']): Neighbours {
  const navigate = useNavigate();
  // What nobody has read is asked for when somebody goes there.
  const list = useInfiniteQuery({ ...ordersQuery(ordersShownLast()), enabled: false });
  const idsOf = (data: typeof list.data): readonly string[] =>
    data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? NONE;
  return useNeighbours({
    of: 'order',
    id: orderId,
    ids: idsOf(list.data),
    hasMore: list.hasNextPage,
    read: async (further) => {
      const { data } = further ? await list.fetchNextPage() : list.data ? list : await list.refetch();
      return idsOf(data);
    },
    open: (id) =>
      void navigate({ to: '/orders/$orderId', params: { orderId: id }, search: tab ? { tab } : {}, replace: true }),
  });
}
