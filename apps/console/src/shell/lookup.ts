import { queryOptions, useQueries } from '@tanstack/react-query';
import { ProblemError, read } from '../api/read.js';
import type { LogMessage, ParkedMessage } from '../api/types.js';
import { positionText } from '../lanes/position.js';
import { moneyText } from '../ui/money-text.js';
import type { Answered, Kind, Pasted } from './pasted.js';

/** What was found, with what its page's address needs. */
export type Found =
  | { readonly kind: 'order' | 'saga'; readonly id: string; readonly says: string }
  | { readonly kind: 'product'; readonly sku: string; readonly says: string }
  | { readonly kind: 'parked message'; readonly message: ParkedMessage; readonly says: string }
  | { readonly kind: 'message'; readonly message: LogMessage; readonly says: string };
interface Absent {
  readonly kind: 'absent';
  readonly says: string;
}

/** Pasted again within this time, an id is of what it was. */
const KNOWN_FOR_MS = 10_000;
const ABSENT: Absent = { kind: 'absent', says: '' };
/** One of its kind asked for an id. */
type Ask = (signal: AbortSignal) => Promise<Found | Absent>;

/** 400: the id cannot be one of this kind. */
const isAbsent = (error: unknown): boolean =>
  error instanceof ProblemError && (error.status === 404 || error.status === 400);

const ASKED_FOR_ID: readonly (readonly [Kind, (id: string) => Ask])[] = [
  [
    'order',
    (id) => async (signal) => {
      const { status, total, currency } = await read('/v1/orders/{orderId}', { path: { orderId: id }, signal });
      return { kind: 'order', id, says: `${status}, ${moneyText(total, currency)}` };
    },
  ],
  [
    'saga',
    (id) => async (signal) => {
      const { type, state } = await read('/v1/sagas/{sagaId}', { path: { sagaId: id }, signal });
      return { kind: 'saga', id, says: `${type}, ${state}` };
    },
  ],
  [
    'parked message',
    (id) => async (signal) => {
      const message = await read('/v1/parked/{messageId}', { path: { messageId: id }, signal });
      return {
        kind: 'parked message',
        message,
        says: `${message.type ?? 'no type'}, ${message.state} at ${message.service}`,
      };
    },
  ],
  ['message', messageWith],
];

const ASKED_FOR_SKU: readonly (readonly [Kind, (sku: string) => Ask])[] = [
  [
    'product',
    (sku) => async (signal) => {
      const { available } = await read('/v1/products/{sku}', { path: { sku }, signal });
      return { kind: 'product', sku, says: `${available.toLocaleString('en')} available` };
    },
  ],
];

/** By its header, from the newest message back, as far as one page looks. */
function messageWith(id: string): Ask {
  return async (signal) => {
    const { items, scanned } = await read('/v1/messages', { query: { header: `ce_id:${id}`, limit: 1 }, signal });
    const [message] = items;
    if (message)
      return { kind: 'message', message, says: `${message.headers['ce_type'] ?? 'no type'}, ${positionText(message)}` };
    const all = (scanned.records + scanned.remaining).toLocaleString('en');
    const says = scanned.complete
      ? `among all ${all}`
      : `among the newest ${scanned.records.toLocaleString('en')} of ${all}`;
    return { kind: 'absent', says };
  };
}

const queryFor = (kind: Kind, name: string, ask: Ask) =>
  queryOptions({
    queryKey: ['pasted', kind, name],
    queryFn: ({ signal }) =>
      ask(signal).catch((error: unknown) => {
        if (isAbsent(error)) return ABSENT;
        throw error;
      }),
    staleTime: KNOWN_FOR_MS,
    retry: false,
  });

export interface Looked {
  readonly answers: readonly Answered[];
  readonly found: readonly Found[];
}

/** Asks every kind at once what the id, or the SKU, is of. */
export function useLookup({ id, sku }: Pasted): Looked {
  const asked = [
    ...(id === undefined ? [] : ASKED_FOR_ID.map(([kind, ask]) => [kind, id, ask(id)] as const)),
    ...(sku === undefined ? [] : ASKED_FOR_SKU.map(([kind, ask]) => [kind, sku, ask(sku)] as const)),
  ];
  const results = useQueries({ queries: asked.map(([kind, name, ask]) => queryFor(kind, name, ask)) });
  return {
    answers: results.map(({ data, error }, index): Answered => {
      const kind = asked[index]?.[0] ?? 'order';
      if (data) return { kind, state: data.kind === 'absent' ? 'absent' : 'found', says: data.says };
      return error ? { kind, state: 'unknown', says: whyOf(error) } : { kind, state: 'asked', says: '' };
    }),
    found: results.flatMap(({ data }) => (data && data.kind !== 'absent' ? [data] : [])),
  };
}

const whyOf = (error: Error): string =>
  error instanceof ProblemError && error.status === 401 ? 'it is for operators' : error.message;
