import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';

export const PRODUCTS_PAGE = 100;
/** Stock moves with every order. */
const LIVE_MS = 2_000;

export const productsQuery = infiniteQueryOptions({
  queryKey: ['products'],
  queryFn: ({ pageParam, signal }) =>
    read('/v1/products', { query: { limit: PRODUCTS_PAGE, ...(pageParam && { cursor: pageParam }) }, signal }),
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  refetchInterval: LIVE_MS,
});

export const productQuery = (sku: string) =>
  queryOptions({
    queryKey: ['product', sku],
    queryFn: ({ signal }) => read('/v1/products/{sku}', { path: { sku }, signal }),
    refetchInterval: LIVE_MS,
  });
