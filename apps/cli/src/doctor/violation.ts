import type { Evidence, MessageFacts, ParkedFacts, Place } from './evidence.js';

/** What is wrong, with every id that helps to find it, and what to do about it. */
export interface Finding {
  /** One sentence. */
  readonly what: string;
  /** What to do, one sentence. */
  readonly remedy: string;
  readonly orderId?: string | undefined;
  readonly sagaId?: string | undefined;
  readonly sku?: string;
  readonly messages?: readonly (Place & { readonly id: string; readonly type: string | undefined })[];
  /** Of payments at the provider. */
  readonly references?: readonly string[];
}

export interface Violation extends Finding {
  /** `I3` */
  readonly invariant: string;
}

/** Something that must hold, whatever happened. `check` is pure: the same evidence, the same findings. */
export interface Invariant {
  /** As the design numbers it: `I3`. */
  readonly id: string;
  /** What holds, in one line. */
  readonly title: string;
  check(evidence: Evidence): Iterable<Finding>;
}

/** A message as it is named in a finding. */
export const named = ({ id, type, topic, partition, offset }: MessageFacts | ParkedFacts) => ({
  id,
  type,
  topic,
  partition,
  offset,
});

/** The command that shows the whole story of an order. */
export const lookAt = (orderId: string): string =>
  `\`npx backstep order ${orderId}\` and \`npx backstep events ${orderId}\``;
