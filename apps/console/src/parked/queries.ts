import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ProblemError, read } from '../api/read.js';
import type { ParkedSummary, ParkedState, Service } from '../api/types.js';

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

/** One message, with what it says. It changes with its version alone: what becomes of it is in the list. */
export const parkedMessageQuery = ({ service, id, version }: Pick<ParkedSummary, 'service' | 'id' | 'version'>) =>
  queryOptions({
    queryKey: ['parked-message', service, id, version],
    queryFn: ({ signal }) => read('/v1/parked/{messageId}', { path: { messageId: id }, query: { service }, signal }),
    staleTime: Infinity,
  });

/** Where a message is parked that the list does not have; null: nowhere. */
export const parkedSomewhereQuery = (id: string, service: Service | undefined) =>
  queryOptions({
    queryKey: ['parked-somewhere', service, id],
    queryFn: ({ signal }) =>
      read('/v1/parked/{messageId}', { path: { messageId: id }, query: { ...(service && { service }) }, signal }).catch(
        (error: unknown) => {
          if (error instanceof ProblemError && error.status === 404) return null;
          throw error;
        },
      ),
    retry: false,
  });

/** What is held of the message's key, in the order in which it is handled. */
export const heldQuery = ({ service, key }: Pick<ParkedSummary, 'service' | 'key'>) =>
  queryOptions({
    queryKey: ['parked-held', service, key],
    queryFn: ({ signal }) => read('/v1/parked', { query: { service, key, state: 'held', limit: BEHIND_PAGE }, signal }),
    refetchInterval: LIST_MS,
  });
