import type { Folded } from './folded.js';
import type { Known } from './known.js';

/** A moment on a message's way: `committed`, which is known while the outbox of its sender still has it; `kafka`: when Kafka took it. */
export interface Tick {
  readonly kind: 'committed' | 'kafka';
  /** In ms since 1970. */
  readonly at: number;
}

/** Clocks of a service, its database and Kafka differ: nothing became of a message before it was said. */
export function ticksOf({ key, message, landing, saidAt }: Folded, known: Known | undefined): readonly Tick[] {
  const committedAt = known?.services.get(message.headers['ce_source'] ?? '')?.committedAt(key);
  const kafka: Tick = { kind: 'kafka', at: Math.max(saidAt, landing.at) };
  return committedAt === undefined ? [kafka] : [{ kind: 'committed', at: Math.max(saidAt, committedAt) }, kafka];
}
