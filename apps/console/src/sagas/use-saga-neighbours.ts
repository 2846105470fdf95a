import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SagaSummary } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { type Neighbours, useNeighbourKeys } from '../ui/neighbour-buttons.js';
import { placeIn } from '../ui/neighbours.js';
import { sagasShownLast } from './came-from.js';
import { sagasQuery, waitingSagasQuery } from './queries.js';
import { workList } from './work-list.js';

const NONE: readonly SagaSummary[] = [];

/** The sagas above and below this one in the list that was shown last, those that wait for an operator first; of all sagas where none was. */
export function useSagaNeighbours(sagaId: string): Neighbours {
  const navigate = useNavigate();
  const filter = sagasShownLast();
  // As they were read: whoever goes through them meets each once. What nobody has read is asked for when somebody goes there.
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
  const { index, after } = placeIn(idsOf(waiting.data, pages.data), sagaId);
  const step = async (by: -1 | 1): Promise<void> => {
    const works = waiting.data ?? (await waiting.refetch()).data;
    let list = pages.data ?? (await pages.refetch()).data;
    if (by === 1 && index >= 0 && after === undefined && pages.hasNextPage) list = (await pages.fetchNextPage()).data;
    const place = placeIn(idsOf(works, list), sagaId);
    const to = by === -1 ? place.before : place.after;
    if (to !== undefined) void navigate({ to: '/sagas/$sagaId', params: { sagaId: to }, search: {}, replace: true });
    else if (place.index < 0) announce('This saga is not in the list that was read: open it from the list.');
    else announce(by === -1 ? 'This is the first saga of the list.' : 'This is the last saga of the list.');
  };
  const neighbours: Neighbours = {
    of: 'saga',
    isFirst: index === 0,
    isLast: index >= 0 && after === undefined && !pages.hasNextPage,
    step: (by) => void step(by),
  };
  useNeighbourKeys(neighbours);
  return neighbours;
}
