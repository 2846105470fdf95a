import type { Trace } from '../faults/fault.js';

/** What happened in a run: figures that add up over many of them. */
export interface Coverage {
  readonly orders: number;
  readonly confirmed: number;
  readonly cancelled: number;
  /** Revisions that have ended, applied or rejected. */
  readonly revised: number;
  /** Confirmed orders that an account has paid. */
  readonly paidFromAccounts: number;
  /** Orders that their account did not cover. */
  readonly notCovered: number;
  /** Steps that were undone. */
  readonly compensations: number;
  /** Messages that an inbox knew already; a lower bound, counters die with their processes. */
  readonly duplicatesDropped: number;
  /** Writes refused because the row had changed; a lower bound likewise. */
  readonly fencedWrites: number;
  /** Webhooks that reached the payment service; a lower bound likewise. */
  readonly webhooks: number;
  /** Messages that services handed over to all who read them; a lower bound likewise. 0 where services stand apart and have no sockets. */
  readonly handedOver: number;
  /** How often a connection between two services was refused or cut, or something on it was lost or came late. */
  readonly expressDisturbed: number;
  /** Messages that lie in Kafka more than once. */
  readonly redelivered: number;
  /** Commands that were sent again because no answer had come. */
  readonly askedAgain: number;
  /** Requests that the customers repeated after no answer or a Retry-After. */
  readonly clientRetries: number;
  /** Answers 202 that repeated an earlier one. */
  readonly replays: number;
  readonly restarts: number;
  readonly parked: number;
}

/** Of a minute of load, whatever the faults: cards are declined and carriers refuse, customers repeat, the provider tells. Scaled to the run's length. */
const A_MINUTE = {
  orders: 200,
  confirmed: 50,
  cancelled: 5,
  revised: 2,
  paidFromAccounts: 5,
  notCovered: 3,
  compensations: 40,
  replays: 20,
  webhooks: 50,
} as const;
/** Beside that, where all faults are drawn from: somebody else writes the same rows, and every run is killed in and told things twice. */
const OF_ALL_FAULTS = { duplicatesDropped: 5, fencedWrites: 1, clientRetries: 5 } as const;
/** Where services hand their messages over: some of each order that ends. */
const OF_EXPRESS = { handedOver: 400 } as const;
/** A run this short proves nothing by numbers. */
const SHORTEST_MINUTES = 0.2;

/** What a run could have shown. */
interface Expected {
  /** Every fault could have been drawn. */
  readonly allFaults: boolean;
  /** Services hand their messages over, within a process or from process to process. */
  readonly express: boolean;
}

/**
 * What should have happened and did not: too few orders, no compensation, a fault without a trace. A storm without effect proves nothing.
 * @param leaves what the faults that were applied must have left
 */
export function tooQuiet(coverage: Coverage, minutes: number, leaves: Iterable<Trace>, expected: Expected): string[] {
  const found: string[] = [];
  const scale = Math.max(SHORTEST_MINUTES, minutes);
  const wantedAMinute: Partial<Record<keyof Coverage, number>> = {
    ...A_MINUTE,
    ...(expected.allFaults ? OF_ALL_FAULTS : {}),
    ...(expected.express ? OF_EXPRESS : {}),
  };
  for (const [name, least] of Object.entries(wantedAMinute) as [keyof Coverage, number][]) {
    const wanted = Math.floor(least * scale);
    if (coverage[name] < wanted) found.push(`only ${coverage[name]} ${name}, and there should be ${wanted}`);
  }
  for (const trace of new Set(leaves)) {
    if (coverage[trace] === 0) found.push(`the faults of this run must leave ${trace}, and there were none`);
  }
  return found;
}
