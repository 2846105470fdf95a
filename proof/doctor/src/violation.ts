import type { Evidence, MessageFacts, ParkedFacts } from './evidence.js';

/** Messages named in one finding; an order has a dozen, and one that was asked about for days has hundreds. */
export const NAMED_MAX = 12;

/** A message that a finding names. What is not in Kafka, or no longer there, has no place in it. */
export interface NamedMessage {
  readonly id: string;
  readonly type?: string | undefined;
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: string;
}

/** What is wrong, with every id that helps to find it, and what to do about it. */
export interface Finding {
  /** One sentence. */
  readonly what: string;
  /** What to do, one sentence with the command to begin with. */
  readonly remedy: string;
  readonly orderId?: string | undefined;
  /** Left out, it is that of the order's saga. */
  readonly sagaId?: string | undefined;
  readonly sku?: string;
  readonly messages?: readonly NamedMessage[];
  /** Of payments at the provider. */
  readonly references?: readonly string[];
}

export interface Violation extends Finding {
  /** `I3` */
  readonly invariant: string;
}

/**
 * Something that must hold, whatever happened. `check` is pure: the same evidence, the same findings.
 *
 * One wrong has one name: where breaking one invariant must break another too, the one nearer to the cause says so, and
 * the other is silent. Each file says what it leaves to whom.
 */
export interface Invariant {
  /** As the design numbers it: `I3`. */
  readonly id: string;
  /** What holds, in one line. */
  readonly title: string;
  check(evidence: Evidence): Iterable<Finding>;
}

/** A message as it is named in a finding. */
export const named = ({ id, type, topic, partition, offset }: MessageFacts | ParkedFacts): NamedMessage => ({
  id,
  type,
  topic,
  partition,
  offset,
});

/** The messages of these types about an order: those that tell how it came. */
export const told = ({ messages }: Evidence, orderId: string, types: readonly string[]): readonly NamedMessage[] =>
  (messages.get(orderId) ?? [])
    .filter(({ type }) => types.includes(type))
    .slice(0, NAMED_MAX)
    .map(named);

/** The commands that show the whole story of an order. */
export const lookAt = (orderId: string): string =>
  `\`npx backstep order ${orderId}\` and \`npx backstep events ${orderId}\``;

/** What operators gave up or declared done by hand in an order's sagas was left to people: said with every finding about the order. */
export function leftToPeople({ sagas }: Evidence, orderId: string): string {
  const said = (sagas.get(orderId) ?? []).flatMap(({ givenUp, skipped }) => [
    ...(givenUp ? [`its saga was given up by ${givenUp.by}: ${givenUp.reason}`] : []),
    ...skipped.map(
      ({ by, reason, step, direction }) =>
        `${direction === 'undo' ? `the compensation of ${step}` : step} was skipped by ${by}: ${reason}`,
    ),
  ]);
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}
