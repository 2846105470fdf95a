import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { knownOrders } from '../orders/known-orders.js';
import { filterOf, type OrdersFilter } from '../orders/orders-search.js';
import { absolute } from '../orders/span.js';
import { ProblemError, read, readUnless, type Tagged } from './read.js';
import type { Evidence, OrderWithSaga } from './types.js';

export const ORDERS_PAGE = 100;
/** How often what may change is asked for while no stream tells of it, and its page is seen. */
const LIVE_MS = 1_000;
const LIST_MS = 3_000;
const RESTING_MS = 15_000;
/** What no stream tells (what is read, sent or due) is asked for so often while a stream tells the rest. */
const UNTOLD_MS = 2_000;
const RETRIES_MAX = 2;
/** Who has waited for so long is told why, and not kept waiting for the same again: a service that holds still is not back in a second. */
const RETRIED_WITHIN_MS = 3_000;

/** What a client did wrong is as wrong when it is asked again. */
export function shouldRetry(count: number, error: Error): boolean {
  if (!(error instanceof ProblemError)) return count < RETRIES_MAX;
  const isClients = error.status >= 400 && error.status < 500;
  return count < RETRIES_MAX && !isClients && error.afterMs < RETRIED_WITHIN_MS;
}

/** Which orders are asked for at this moment: the API knows nothing relative. */
export const askedOf = (filter: OrdersFilter): OrdersFilter => ({
  ...filterOf(filter),
  ...absolute(filter, Date.now()),
});

export const ordersQuery = (filter: OrdersFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', filterOf(filter)],
    queryFn: async ({ pageParam, signal }) => {
      // All pages of a list are of the span that its first page was asked for.
      const { asked, cursor } = pageParam ?? { asked: askedOf(filter), cursor: undefined };
      const query = { limit: ORDERS_PAGE, ...asked, ...(cursor !== undefined && { cursor }) };
      const page = await read('/v1/orders', { query, signal });
      knownOrders.read(page.items, true);
      return { ...page, asked };
    },
    initialPageParam: undefined as { readonly asked: OrdersFilter; readonly cursor: string } | undefined,
    getNextPageParam: ({ nextCursor, asked }) => (nextCursor === null ? undefined : { asked, cursor: nextCursor }),
    staleTime: Infinity,
  });

/**
 * The newest orders: what they say of an order that is shown is newer than the list.
 * @param isTold by a stream: then they are asked for when it has left something out, and else again and again
 */
export const newestOrdersQuery = (filter: OrdersFilter, isTold: boolean) =>
  queryOptions({
    queryKey: newestOrdersKey(filter),
    queryFn: async ({ signal }) => {
      const page = await read('/v1/orders', { query: { limit: ORDERS_PAGE, ...askedOf(filter) }, signal });
      knownOrders.read(page.items, true);
      return page;
    },
    refetchInterval: isTold ? false : LIST_MS,
    refetchOnWindowFocus: !isTold,
  });
export const newestOrdersKey = (filter: OrdersFilter) => ['newest-orders', filterOf(filter)] as const;

/** Whether anything may still move by itself. A STUCK saga waits for an operator, who may come at any time. */
export const isUnderWay = (order: OrderWithSaga | undefined): boolean =>
  order !== undefined &&
  (order.change !== null ||
    order.status === 'PENDING' ||
    (order.sagas ?? []).some(({ state }) => state === 'RUNNING' || state === 'COMPENSATING' || state === 'STUCK'));

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['order', orderId],
    queryFn: async ({ signal }) => {
      const order = await read('/v1/orders/{orderId}', { path: { orderId }, signal });
      knownOrders.read([order]);
      return order;
    },
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? LIVE_MS : RESTING_MS),
  });

/** @param live while the order is under way */
export const orderEventsQuery = (orderId: string, live: boolean) =>
  queryOptions({
    queryKey: ['order-events', orderId],
    queryFn: ({ signal }) => read('/v1/orders/{orderId}/events', { path: { orderId }, signal }),
    refetchInterval: live ? LIVE_MS : RESTING_MS,
  });

/** The order with its sagas, as the evidence has them; undefined while the order service has never answered. */
export const orderIn = ({ order, sagas, missing }: Evidence): OrderWithSaga | undefined =>
  order === null
    ? undefined
    : {
        ...order,
        sagas: sagas.length === 0 && missing.some(({ source }) => source === 'orchestrator') ? null : sagas,
        saga: sagas[0] ?? null,
      };

/** @param isTold by a stream: then what it cannot tell is asked for, while there is any */
export const evidenceQuery = (orderId: string, isTold: boolean) =>
  queryOptions({
    queryKey: ['evidence', orderId],
    queryFn: ({ signal, client }) => evidenceOf(client, orderId, signal),
    // One answer is the same object as long as it is the same: nothing is drawn anew.
    structuralSharing: false,
    refetchInterval: ({ state: { data, error } }) => {
      if (error instanceof ProblemError && error.status >= 400 && error.status < 500) return false;
      const isMoving = data === undefined || isUnderWay(orderIn(data.body));
      if (!isTold) return isMoving ? LIVE_MS : RESTING_MS;
      return isMoving || (data && !isSettled(data.body)) ? UNTOLD_MS : false;
    },
    refetchOnWindowFocus: !isTold,
  });

async function evidenceOf(client: QueryClient, orderId: string, signal: AbortSignal): Promise<Tagged<Evidence>> {
  const before = client.getQueryData<Tagged<Evidence>>(['evidence', orderId]);
  const now = await readUnless(before?.tag, '/v1/orders/{orderId}/evidence', { path: { orderId }, signal });
  if (!now) {
    if (before) return before;
    throw new ProblemError(304, { title: 'The gateway names an answer that nobody has' }, undefined);
  }
  const body = withEarlier(before?.body, now.body);
  if (body.order) knownOrders.read([body.order]);
  return { tag: now.tag, body };
}

/** What does not answer now has answered before: messages in Kafka do not change, and an order is shown as it was. */
export function withEarlier(before: Evidence | undefined, now: Evidence): Evidence {
  if (!before) return now;
  const hasNoMessages = now.messages.length === 0 && now.missing.some(({ source }) => source === 'kafka');
  return {
    ...now,
    order: now.order ?? before.order,
    messages: hasNoMessages ? before.messages : now.messages,
  };
}

/** Whether all that was said has been sent and read, as far as it is known. */
const isSettled = ({ services, missing, messages }: Evidence): boolean =>
  missing.length === 0 &&
  services.every(
    ({ outbox, group }) =>
      outbox.length === 0 &&
      (group?.positions ?? []).every(({ topic, partition, committed }) =>
        messages.every(
          (one) =>
            one.topic !== topic ||
            one.partition !== partition ||
            (committed !== null && BigInt(committed) > BigInt(one.offset)),
        ),
      ),
  );
