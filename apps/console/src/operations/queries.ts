import { infiniteQueryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import type { OperationsSearch } from './operations-search.js';

export const OPERATIONS_PAGE = 100;
const LIST_MS = 15_000;

export const operationsQuery = (search: OperationsSearch) =>
  infiniteQueryOptions({
    queryKey: ['operations', search],
    queryFn: ({ pageParam, signal }) =>
      read('/v1/operations', {
        query: { limit: OPERATIONS_PAGE, ...search, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // All pages are asked for again: people act seldom, and nobody scrolls far.
    refetchInterval: LIST_MS,
  });
