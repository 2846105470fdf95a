import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SagaSummary } from '../api/types.js';
import type { Neighbours } from '../ui/neighbour-buttons.js';
import { useNeighbours } from '../ui/use-neighbours.js';
import { sagasShownLast } from '../shell/came-from.js';
import { sagasQuery, waitingSagasQuery } from './queries.js';
import { workList } from './work-list.js';

const NONE: readonly SagaSummary[] = [];

/** The sagas above and below this one in the list that was shown last, those that wait for an operator first; of all sagas where none was. */
export function useSagaNeighbours(sagaId: string): Neighbours {
  const navigate = useNavigate();
  const filter = sagasShownLast();
  // What nobody has read is asked for when somebody goes there.
  const waiting = useQuery({ ...waitingSagasQuery(filter), enabled: false });
  const pages = useInfiniteQuery({ ...sagasQuery(filter), enabled: false });
  const idsOf = (works: typeof waiting.data, list: typeof pages.data): readonly string[] => {
    const all = workList(
      works?.items ?? NONE,
      (list?.pages ?? []).map(({ items }) => items),
      NONE,
    );
    return [...all.waiting, ...all.others].map(({ id }) => id);
  };
  return useNeighbours({
    of: 'saga',
    id: sagaId,
    ids: idsOf(waiting.data, pages.data),
    hasMore: pages.hasNextPage,
    read: async (further) => {
      const works = waiting.data ? waiting : await waiting.refetch();
      const { data } = further ? await pages.fetchNextPage() : pages.data ? pages : await pages.refetch();
      return idsOf(works.data, data);
    },
    open: (id) => void navigate({ to: '/sagas/$sagaId', params: { sagaId: id }, search: {}, replace: true }),
  });
}
