import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import type { ParkedMessage, ParkedState, Service } from '../api/types.js';

/** Each message comes with what it says, up to 256 KB: fewer a page than of orders. */
export const PARKED_PAGE = 50;
/** So many of those behind one are named. */
export const BEHIND_PAGE = 100;
const LIST_MS = 5_000;

interface Filter {
  readonly service?: Service | undefined;
  readonly state?: ParkedState | undefined;
}

export const queryOf = ({ service, state }: Filter) => ({
  limit: PARKED_PAGE,
  ...(service && { service }),
  state: state ?? ('poisoned' as const),
});

export const parkedQuery = ({ service, state }: Filter) =>
  infiniteQueryOptions({
    queryKey: ['parked', { service, state }],
    queryFn: ({ pageParam, signal }) =>
      read('/v1/parked', {
        query: { ...queryOf({ service, state }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: LIST_MS,
  });

/** What is held of the message's key, in the order in which it is handled. */
export const heldQuery = ({ service, key }: Pick<ParkedMessage, 'service' | 'key'>) =>
  queryOptions({
    queryKey: ['parked-held', service, key],
    queryFn: ({ signal }) => read('/v1/parked', { query: { service, key, state: 'held', limit: BEHIND_PAGE }, signal }),
    refetchInterval: LIST_MS,
  });
