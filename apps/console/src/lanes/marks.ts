import type { Saga } from '../api/types.js';
import type { Folded } from './folded.js';
import type { Known } from './known.js';

/**
 * What a lane has beside messages: when the order was accepted, when something is due, when a timer fired, what an operator did, what is committed and not
 * in Kafka yet.
 */
export interface Mark {
  readonly key: string;
  readonly lane: string;
  readonly at: number;
  readonly kind: 'accepted' | 'timer' | 'fired' | 'operator' | 'unsent';
  /** In a few words, beside the mark. */
  readonly label: string;
  /** The whole of it. */
  readonly sentence: string;
  /** The key of the message that says it; undefined: it stands alone. */
  readonly of?: string;
}

const ORCHESTRATOR = 'orchestrator';
const REASON_MAX_CHARS = 32;
/** An operation whose commands were not kept has sent what was said so soon after it. */
const BY_OPERATOR_WITHIN_MS = 1_000;
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
        label: `${action}, ${by}: ${shortened(reason)}`,
        sentence,
      });
    }
  marks.push(...firedMarks(messages, sagas));
  return marks.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

const shortened = (text: string): string =>
  text.length <= REASON_MAX_CHARS ? text : `${text.slice(0, REASON_MAX_CHARS - 1)}…`;

/**
 * A timer that has fired is in no row any more. A command is asked again by its timer or by an operator, whose operation has the ids of its commands;
 * where the sagas are not known, nor are operators, and nothing is said.
 */
function firedMarks(messages: readonly Folded[], sagas: readonly Saga[]): readonly Mark[] {
  const byId = new Map(sagas.map((saga) => [saga.id, saga]));
  const asked = new Set<string>();
  return messages.flatMap(({ key, message: { topic, headers }, saidAt }) => {
    const { ce_commandid: commandId, ce_sagaid: sagaId = '', ce_type: type = 'a command' } = headers;
    if (commandId === undefined || !topic.endsWith('.commands')) return [];
    const isAgain = asked.has(commandId);
    asked.add(commandId);
    const saga = byId.get(sagaId);
    if (!isAgain || !saga || isByOperator(saga, key, saidAt)) return [];
    return [
      {
        ...{ key: `fired ${key}`, lane: ORCHESTRATOR, at: saidAt, kind: 'fired' as const, label: 'step', of: key },
        sentence: `Timer step of saga ${sagaId} fired: ${type} was asked again (inferred: no operator did)`,
      },
    ];
  });
}

const isByOperator = ({ operations }: Saga, key: string, saidAt: number): boolean =>
  operations.some(({ commandIds, at }) =>
    commandIds === null ? Math.abs(saidAt - Date.parse(at)) <= BY_OPERATOR_WITHIN_MS : commandIds.includes(key),
  );

/** The gateway keeps nothing, so when it answered is not known to the millisecond: when the order was stored is. */
const acceptedMark = (at: string): Mark => ({
  key: 'accepted',
  lane: GATEWAY,
  at: Date.parse(at),
  kind: 'accepted',
  label: '202',
  sentence: `The gateway answered 202 when the order was stored, at ${at}`,
});
