import type { OrderMessage } from '../api/types.js';
import { byPosition, isSamePosition, positionText, type Position } from './position.js';

/** A record of Kafka: where it lies, and when it was sent there, in ms since 1970. */
export interface Landing extends Position {
  readonly at: number;
}

/** A message, however often it lies in Kafka. */
export interface Folded {
  /** Its `ce_id`; the position of a record that has none. */
  readonly key: string;
  /** Its first record. */
  readonly message: OrderMessage;
  readonly landing: Landing;
  /** Records with the same id that came later: whoever reads them has the id already. */
  readonly repeated: readonly Landing[];
  /** When its sender says that it was said, in ms since 1970. */
  readonly saidAt: number;
}

const landingOf = ({ topic, partition, offset, timestamp }: OrderMessage): Landing => ({
  topic,
  partition,
  offset,
  at: Date.parse(timestamp),
});

interface Landed {
  readonly message: OrderMessage;
  readonly landing: Landing;
}

const byLanding = (a: Landing, b: Landing): number =>
  (a.topic === b.topic && a.partition === b.partition ? 0 : a.at - b.at) || byPosition(a, b);

/**
 * Records of one message are one message: within a partition the lowest offset counts, and the others are repetitions. A record that is given
 * twice is one record. The order of the records changes nothing.
 */
export function folded(records: readonly OrderMessage[]): readonly Folded[] {
  const byKey = new Map<string, OrderMessage[]>();
  for (const record of records) {
    const key = record.headers['ce_id'] ?? positionText(record);
    const others = byKey.get(key);
    if (!others) byKey.set(key, [record]);
    else if (!others.some((other) => isSamePosition(other, record))) others.push(record);
  }
  return [...byKey].map(([key, found]) => {
    const sorted = found.map((message) => ({ message, landing: landingOf(message) }));
    sorted.sort((a, b) => byLanding(a.landing, b.landing));
    const [{ message, landing }, ...repeated] = sorted as unknown as readonly [Landed, ...Landed[]];
    const said = Date.parse(message.headers['ce_time'] ?? '');
    return {
      key,
      message,
      landing,
      repeated: repeated.map((one) => one.landing),
      saidAt: Number.isNaN(said) ? landing.at : said,
    };
  });
}

const bySaying = (a: Folded, b: Folded): number => a.saidAt - b.saidAt || byLanding(a.landing, b.landing);

/**
 * Each after what caused it, and else by the time at which it was said: clocks of two machines disagree, causes do not. What claims to be
 * caused in a circle comes last.
 */
export function inCausalOrder(messages: readonly Folded[]): readonly Folded[] {
  const sorted = [...messages].sort(bySaying);
  const known = new Set(sorted.map(({ key }) => key));
  const effects = new Map<string, Folded[]>();
  const ready: Folded[] = [];
  for (const message of sorted) {
    const cause = causeOf(message);
    if (cause === undefined || !known.has(cause)) ready.push(message);
    else effects.set(cause, [...(effects.get(cause) ?? []), message]);
  }
  const ordered: Folded[] = [];
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    ordered.push(next);
    const released = effects.get(next.key) ?? [];
    if (released.length === 0) continue;
    ready.push(...released);
    ready.sort(bySaying);
  }
  const placed = new Set(ordered);
  return [...ordered, ...sorted.filter((message) => !placed.has(message))];
}

/** The key of what caused it; undefined for the first of an order, and for what claims to have caused itself. */
export function causeOf({ key, message }: Folded): string | undefined {
  const cause = message.headers['ce_causationid'];
  return cause === key ? undefined : cause;
}
