import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { evidenceQuery, isUnderWay, orderEventsQuery, orderIn, orderQuery } from '../api/queries.js';
import { ProblemError } from '../api/read.js';
import type { Evidence, OrderMessage, OrderWithSaga } from '../api/types.js';
import { knownOf } from '../lanes/known.js';
import { type Lanes, lanesOf } from '../lanes/model.js';
import { latestOf } from '../orders/known-orders.js';
import { useKnownOrders } from '../orders/use-known-orders.js';
import { useIsTold, useStream } from '../stream/use-stream.js';
import { isSamePosition } from '../lanes/position.js';
import { Soon } from './soon.js';

/** How long after the first of several events the evidence is read: they are one reading. */
const READ_AFTER_MS = 250;
/** Messages that the stream tells before the evidence has them. */
const TOLD_MAX = 1_000;
const NONE: readonly OrderMessage[] = [];

export interface OrderSeen {
  readonly order: OrderWithSaga | undefined;
  /** undefined: without the operator's token, or not read yet. */
  readonly evidence: Evidence | undefined;
  readonly lanes: Lanes;
  readonly records: readonly OrderMessage[];
  readonly isPending: boolean;
  /** Whether all messages were read, as far as it is known. */
  readonly isComplete: boolean;
  /** Evidence is for operators: with the order's id alone the order and its messages can be read. */
  readonly needsToken: boolean;
  readonly error: Error | undefined;
  readonly retry: () => void;
}

/**
 * An order as it is known: from its evidence, and from what the stream has told since. Whoever has no operator's token is answered no evidence, and
 * is shown the order and its messages, which anybody may read who knows the id, as they are asked for again and again.
 */
export function useOrder(orderId: string): OrderSeen {
  const isTold = useIsTold();
  const evidence = useQuery(evidenceQuery(orderId, isTold));
  const needsToken = evidence.error instanceof ProblemError && evidence.error.status === UNAUTHORIZED;
  const bare = useQuery({ ...orderQuery(orderId), enabled: needsToken });
  const events = useQuery({ ...orderEventsQuery(orderId, isUnderWay(bare.data)), enabled: needsToken });
  const known = useKnownOrders().get(orderId);
  // Where nothing was ever answered but an error, that is shown until somebody asks again: what is told of other orders changes nothing.
  const told = useTold(orderId, async () => {
    if (evidence.data || !evidence.isError) await evidence.refetch({ cancelRefetch: false });
  });
  const body = evidence.data?.body;
  const read = useMemo(() => (needsToken ? bare.data : body && orderIn(body)), [needsToken, bare.data, body]);
  // Sagas are as they were read with their order: what is known of an order alone has none.
  const order = useMemo(
    () => read && { ...read, ...latestOf(read, known), sagas: read.sagas, saga: read.saga },
    [read, known],
  );
  const items = needsToken ? events.data?.items : body?.messages;
  const records = useMemo(() => [...(items ?? NONE), ...told], [items, told]);
  const sagas = order?.sagas ?? null;
  const acceptedAt = order?.createdAt;
  const lanes = useMemo(() => {
    const known = body && knownOf(body);
    return lanesOf(records, sagas ?? (body && body.sagas.length > 0 ? body.sagas : null), known, acceptedAt);
  }, [records, sagas, body, acceptedAt]);
  const error = needsToken ? (bare.error ?? events.error) : evidence.error;
  return {
    order,
    evidence: needsToken ? undefined : body,
    lanes,
    records,
    isPending: needsToken ? bare.isPending || events.isPending : evidence.isPending,
    isComplete: needsToken ? (events.data?.complete ?? true) : !(body?.truncated.includes('messages') ?? false),
    needsToken,
    error: error ?? undefined,
    retry: () =>
      void Promise.all(needsToken ? [bare.refetch(), events.refetch(), evidence.refetch()] : [evidence.refetch()]),
  };
}

const UNAUTHORIZED = 401;

/** Messages of the order as the stream tells them. Whatever it tells of the order, what services know is read again soon. */
function useTold(orderId: string, readAgain: () => Promise<unknown>): readonly OrderMessage[] {
  const [told, setTold] = useState<{ readonly of: string; readonly messages: readonly OrderMessage[] }>();
  const act = useRef(readAgain);
  useEffect(() => {
    act.current = readAgain;
  });
  const [soon] = useState(() => new Soon(READ_AFTER_MS, () => act.current()));
  useEffect(() => () => soon.end(), [soon]);
  useStream({ messagesOf: [orderId] }, ({ messages, orders, gap }) => {
    const ours = messages.filter(({ key }) => key === orderId);
    if (ours.length > 0 || orders.some(({ id }) => id === orderId) || gap.messages || gap.orders) soon.ask();
    if (ours.length > 0)
      setTold((before) => {
        const earlier = before?.of === orderId ? before.messages : NONE;
        return { of: orderId, messages: withoutTwins([...earlier, ...ours]).slice(-TOLD_MAX) };
      });
  });
  return told?.of === orderId ? told.messages : NONE;
}

/** A record that is told twice is one record. */
const withoutTwins = (records: readonly OrderMessage[]): readonly OrderMessage[] =>
  records.filter((record, index) => records.findIndex((other) => isSamePosition(record, other)) === index);
