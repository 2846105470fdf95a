import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ProblemError, read } from './read.js';
import type { OrderStatus, OrderWithSaga } from './types.js';

export const ORDERS_PAGE = 100;
/** How often what may change is asked for, while its page is seen. */
const LIVE_MS = 1_000;
const LIST_MS = 3_000;
const RESTING_MS = 15_000;
const RETRIES_MAX = 2;

/** What a client did wrong is as wrong when it is asked again. */
export const shouldRetry = (count: number, error: Error): boolean =>
  count < RETRIES_MAX && !(error instanceof ProblemError && error.status >= 400 && error.status < 500);

export const ordersQuery = (status: OrderStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: ['orders', { status }],
    queryFn: ({ pageParam, signal }) =>
      read('/v1/orders', {
        query: { limit: ORDERS_PAGE, ...(status && { status }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: Infinity,
  });

/** The newest orders, asked for again and again: what they say of an order that is shown is newer than the list. */
export const newestOrdersQuery = (status: OrderStatus | undefined) =>
  queryOptions({
    queryKey: ['newest-orders', { status }],
    queryFn: ({ signal }) => read('/v1/orders', { query: { limit: ORDERS_PAGE, ...(status && { status }) }, signal }),
    refetchInterval: LIST_MS,
  });

/** Whether anything may still move by itself. A STUCK saga waits for an operator, who may come at any time. */
export const isUnderWay = (order: OrderWithSaga | undefined): boolean =>
  order !== undefined &&
  (order.change !== null ||
    order.status === 'PENDING' ||
    (order.sagas ?? []).some(({ state }) => state === 'RUNNING' || state === 'COMPENSATING' || state === 'STUCK'));

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['order', orderId],
    queryFn: ({ signal }) => read('/v1/orders/{orderId}', { path: { orderId }, signal }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? LIVE_MS : RESTING_MS),
  });

/** @param live while the order is under way */
export const orderEventsQuery = (orderId: string, live: boolean) =>
  queryOptions({
    queryKey: ['order-events', orderId],
    queryFn: ({ signal }) => read('/v1/orders/{orderId}/events', { path: { orderId }, signal }),
    refetchInterval: live ? LIVE_MS : RESTING_MS,
  });
