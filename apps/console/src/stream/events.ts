import type { Contention, DoctorReport, FaultList, OrderMessage, OrderStatus, Saga } from '../api/types.js';

/** What an event says of its order. */
export interface OrderChange {
  readonly id: string;
  /** null: the event does not say it; read the order. */
  readonly status: OrderStatus | null;
  /** null: the event does not say it. */
  readonly version: number | null;
}

/** Where a saga stands. */
export interface SagaChange {
  readonly id: string;
  readonly orderId: string;
  readonly state: Saga['state'];
  readonly version: number;
}

export type Health = 'ok' | 'down' | 'unreachable';

/** How the whole system is, once a second. A service that does not answer is missing in `parked` and `unpublished`, not zero. */
export interface Tick {
  readonly at: string;
  /** Events of orders since the last tick. */
  readonly rates: { readonly placed: number; readonly confirmed: number; readonly rejected: number };
  /** null when the orchestrator does not answer. */
  readonly inFlight: number | null;
  readonly sagas: Readonly<Record<'RUNNING' | 'COMPENSATING' | 'STUCK' | 'UNREGISTERED', number>> | null;
  readonly parked: Readonly<Record<string, { readonly poisoned: number; readonly held: number }>>;
  readonly unpublished: Readonly<Record<string, number>>;
  readonly oldestUnpublishedMs: number;
  /** By consumer group. */
  readonly lag: Readonly<Record<string, number>>;
  /** By service. */
  readonly health: Readonly<Record<string, Health>>;
}

/** What is told whole, again and again: as the API answers it. */
export interface Answers {
  readonly contention: Contention;
  readonly faults: FaultList;
  readonly invariants: DoctorReport;
}
export type AnswerName = keyof Answers;

/** An event of the stream, as it is told. */
export type StreamEvent =
  | { readonly kind: 'order'; readonly order: OrderChange }
  | { readonly kind: 'saga'; readonly saga: SagaChange }
  | { readonly kind: 'message'; readonly message: OrderMessage }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'answer'; readonly answer: Partial<Answers> }
  | { readonly kind: 'kafka'; readonly isReachable: boolean }
  /** Events of this kind were left out: the stream was read too slowly. */
  | { readonly kind: 'shed'; readonly event: string }
  /** What came in between is not told. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'bye' };

const READERS: Readonly<Record<string, (data: never) => StreamEvent>> = {
  message: (message: OrderMessage) => ({ kind: 'message', message }),
  order: (order: OrderChange) => ({ kind: 'order', order }),
  saga: (saga: SagaChange) => ({ kind: 'saga', saga }),
  tick: (tick: Tick) => ({ kind: 'tick', tick }),
  contention: (contention: Contention) => ({ kind: 'answer', answer: { contention } }),
  faults: (faults: FaultList) => ({ kind: 'answer', answer: { faults } }),
  invariants: (invariants: DoctorReport) => ({ kind: 'answer', answer: { invariants } }),
  kafka: ({ reachable }: { reachable: boolean }) => ({ kind: 'kafka', isReachable: reachable }),
  shed: ({ event }: { event: string }) => ({ kind: 'shed', event }),
  reset: () => ({ kind: 'reset' }),
  bye: () => ({ kind: 'bye' }),
};

/** @returns undefined for an event that a newer gateway tells, and for what is no JSON object */
export function eventOf(name: string, data: string): StreamEvent | undefined {
  const read = READERS[name];
  if (!read) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? read(value as never) : undefined;
  } catch {
    return undefined;
  }
}
