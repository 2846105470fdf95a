import { underWay, type Evidence, type LogResetFacts, type SagaFacts } from '@backstep/doctor';
import type { Gathered } from './gather/gather.js';
import type { RecordPlace } from './gather/kafka.js';
import type { Verdict } from '@backstep/doctor';
import type { NamedMessage } from '@backstep/doctor';
import { goneWithTheirLogs } from '@backstep/doctor';
import { UNREADABLE } from '@backstep/doctor';

/** Orders on their way, and things for an operator, that are listed one by one; the rest is counted. */
const LISTED_MAX = 20;

export interface Report {
  readonly takenAt: string;
  readonly tookMs: number;
  /** No violation. What is on its way, and what waits for an operator, is none. */
  readonly clean: boolean;
  /** Nothing was under way any more. */
  readonly atRest: boolean;
  readonly invariants: readonly Verdict[];
  readonly inFlight: { readonly count: number; readonly orders: readonly InFlight[] };
  readonly attention: { readonly count: number; readonly items: readonly Attention[] };
  readonly totals: Totals;
}

interface InFlight {
  readonly orderId: string;
  readonly status: string;
  readonly ageMs: number;
  /** What its saga waits for; null before it has begun. */
  readonly waitsFor: string | null;
}

/** Something that waits for a person. */
export interface Attention {
  readonly what: string;
  readonly remedy: string;
  readonly orderId: string;
  readonly sagaId?: string;
  readonly message?: NamedMessage;
}

export interface Totals {
  /** How many were examined, and how many there are. */
  readonly orders: {
    readonly examined: number;
    readonly all: number;
    readonly byStatus: Readonly<Record<string, number>>;
  };
  readonly sagas: Readonly<Record<string, number>>;
  /** Minor units at the provider, by currency; null where it has no ledger to read. */
  readonly money: Readonly<Record<string, { readonly captured: number; readonly refunded: number }>> | null;
  readonly stock: { readonly skus: number; readonly onHand: number; readonly reserved: number };
  readonly messages: {
    readonly inKafka: number;
    readonly unreadable: number;
    /** Where the first of those lie. */
    readonly unreadablePlaces: readonly RecordPlace[];
    readonly unpublished: number;
    /** Handled, and gone with the end of a log that Kafka lost. */
    readonly goneWithTheirLogs: number;
  };
  /** Logs that were found to be others than those that were read, and are read from their beginning. */
  readonly logResets: readonly LogResetFacts[];
  readonly parked: { readonly poisoned: number; readonly held: number; readonly discarded: number };
}

/** The doctor's report, for people and programs. Pure. */
export function report({ evidence, counts }: Gathered, verdicts: readonly Verdict[], tookMs: number): Report {
  const inFlight = ordersInFlight(evidence);
  const attention = [...forOperators(evidence)];
  return {
    takenAt: new Date(evidence.takenAt).toISOString(),
    tookMs: Math.round(tookMs),
    clean: verdicts.every(({ found }) => found === 0),
    atRest: evidence.atRest,
    invariants: verdicts,
    inFlight: { count: inFlight.length, orders: inFlight.slice(0, LISTED_MAX) },
    attention: { count: attention.length, items: attention.slice(0, LISTED_MAX) },
    totals: totals(evidence, counts),
  };
}

/** Stuck and blocked ones are not in flight: they wait for a person. */
function ordersInFlight(evidence: Evidence): InFlight[] {
  const { orders, sagas, takenAt } = evidence;
  return [...orders.values()].flatMap(({ id: orderId, status, createdAt }) => {
    if (!underWay(evidence, orderId)) return [];
    const live = sagas.get(orderId)?.find(({ awaiting }) => awaiting);
    if (live?.status === 'STUCK' || live?.blockedBecause !== undefined) return [];
    return [{ orderId, status, ageMs: Math.round(takenAt - createdAt), waitsFor: live ? waitsFor(live) : null }];
  });
}

const waitsFor = ({ awaiting }: SagaFacts): string | null =>
  awaiting ? `${awaiting.direction === 'undo' ? 'the compensation of ' : ''}${awaiting.step}` : null;

function* forOperators({ sagas, parked }: Evidence): Generator<Attention> {
  for (const { id, orderId, status, stuckBecause, blockedBecause } of [...sagas.values()].flat()) {
    if (status !== 'STUCK' && blockedBecause === undefined) continue;
    yield {
      what: `saga ${id} of order ${orderId} is ${status}: ${blockedBecause ?? stuckBecause ?? 'it does not say why'}`,
      orderId,
      sagaId: id,
      remedy: `npx backstep saga ${id}`,
    };
  }
  for (const { id, service, state, type, key, cause, topic, partition, offset } of parked) {
    if (state !== 'poisoned') continue;
    yield {
      what: `${type ?? 'a message'} ${id} (${topic}/${partition}@${offset}, key ${key}) is parked at ${service}: ${cause}`,
      orderId: key,
      message: { id, type, topic, partition, offset },
      // What cannot be read today cannot be read tomorrow; what a handler refused may be handled by a mended one.
      remedy: `npx backstep parked ${UNREADABLE.has(cause) ? 'discard' : 'replay'} ${id} --service ${service} --dry-run`,
    };
  }
}

function totals(
  evidence: Evidence,
  { orders: all, records, unreadable, unreadablePlaces, byService }: Gathered['counts'],
): Totals {
  const { orders, sagas, stock, provider } = evidence;
  const money: Record<string, { captured: number; refunded: number }> = {};
  for (const { currency, captured, refunded } of [...(provider?.values() ?? [])].flat()) {
    const sum = (money[currency] ??= { captured: 0, refunded: 0 });
    sum.captured += captured;
    sum.refunded += refunded;
  }
  const services = Object.values(byService);
  const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    orders: { examined: orders.size, all, byStatus: countBy([...orders.values()].map(({ status }) => status)) },
    sagas: countBy([...sagas.values()].flat().map(({ status }) => status)),
    money: provider ? money : null,
    stock: {
      skus: stock.length,
      onHand: sum(stock, ({ onHand }) => onHand),
      reserved: sum(stock, ({ reserved }) => reserved),
    },
    messages: {
      inKafka: records,
      unreadable,
      unreadablePlaces,
      unpublished: sum(services, ({ unpublished }) => unpublished),
      goneWithTheirLogs: goneWithTheirLogs(evidence),
    },
    logResets: evidence.logResets,
    parked: {
      poisoned: sum(services, ({ poisoned }) => poisoned),
      held: sum(services, ({ held }) => held),
      discarded: sum(services, ({ discarded }) => discarded),
    },
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
