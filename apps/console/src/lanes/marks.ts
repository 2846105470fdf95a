import type { Saga } from '../api/types.js';
import type { Folded } from './folded.js';
import type { Known } from './known.js';

/** What a lane has beside messages: when the order was accepted, when something is due, what an operator did, what is committed and not in Kafka yet. */
export interface Mark {
  readonly key: string;
  readonly lane: string;
  readonly at: number;
  readonly kind: 'accepted' | 'timer' | 'operator' | 'unsent';
  /** In a few words, beside the mark. */
  readonly label: string;
  /** The whole of it. */
  readonly sentence: string;
}

const ORCHESTRATOR = 'orchestrator';
export const GATEWAY = 'gateway';

export function marksOf(
  messages: readonly Folded[],
  sagas: readonly Saga[],
  known: Known | undefined,
  acceptedAt: string | undefined,
): readonly Mark[] {
  const inKafka = new Set(messages.map(({ key }) => key));
  const marks: Mark[] = acceptedAt === undefined ? [] : [acceptedMark(acceptedAt)];
  for (const [lane, { said }] of known?.services ?? []) {
    for (const { name, sagaId, dueAt, wakeAt, failures } of said.timers) {
      const late = failures > 0 ? `, failed ${failures} times` : '';
      const sentence = `Timer ${name} of saga ${sagaId}, due ${dueAt}${late}`;
      marks.push({
        key: `timer ${name} ${sagaId}`,
        lane,
        at: Date.parse(wakeAt),
        kind: 'timer',
        label: name,
        sentence,
      });
    }
    for (const { id, type, topic, createdAt } of said.outbox) {
      if (inKafka.has(id)) continue;
      const label = type ?? 'a message';
      const sentence = `${label} for ${topic} is committed in the outbox of ${lane}, and not known to be in Kafka`;
      marks.push({ key: `unsent ${id}`, lane, at: Date.parse(createdAt), kind: 'unsent', label, sentence });
    }
  }
  for (const { id, operations } of sagas)
    for (const { action, by, reason, at, step } of operations) {
      const sentence = `${by}: ${action} ${step}, because: ${reason}`;
      marks.push({
        key: `operator ${id} ${at} ${action}`,
        lane: ORCHESTRATOR,
        at: Date.parse(at),
        kind: 'operator',
        label: `${action}, ${by}`,
        sentence,
      });
    }
  return marks.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** The gateway keeps nothing, so when it answered is not known to the millisecond: when the order was stored is. */
const acceptedMark = (at: string): Mark => ({
  key: 'accepted',
  lane: GATEWAY,
  at: Date.parse(at),
  kind: 'accepted',
  label: '202',
  sentence: `The gateway answered 202 when the order was stored, at ${at}`,
});
