import { ProblemError } from '../api/read.js';
import type { DecidedState, ParkedSummary, ParkedOperation, SettleAction } from '../api/types.js';

/** What an action does, in a sentence that a person decides by. */
export const MEANINGS: Readonly<Record<SettleAction, string>> = {
  replay: 'The message is handled once more. When that succeeds, what waits behind it follows, in order.',
  discard: 'The message is never handled. What waits behind it follows, in order.',
};
/** The key that opens the dry run of an action. */
export const ACTION_KEYS: Readonly<Record<SettleAction, string>> = { replay: 'r', discard: 'd' };

/** A cause, in words, and what to do about it. Others are told as they are. */
const CAUSES: Readonly<Record<string, string>> = {
  bad_json: 'It is no JSON: no handler will ever read it. Discard it, and look who wrote it.',
  behind_parked: 'Nothing is wrong with it: it waits behind a poisoned one of its key.',
  contradicts: 'It contradicts what is stored: somebody must find out which of the two is right.',
  handler_failed: 'Its handler throws, every time. Mend the handler, or what it stumbles over, and replay it.',
  no_handler: 'It is a command that this service does not handle.',
  not_cloudevents: 'It lacks the headers of a CloudEvent.',
  null_value: 'It has no value.',
  oversize: 'It is larger than what is handled, and is not kept whole: it can be discarded alone.',
  schema_mismatch: 'What it says does not match its schema: an older reader, or a wrong writer.',
  unknown_type: 'This service does not know the type, or this version of it. Deploy one that does, and replay it.',
  unreadable: 'The record is damaged, or of an unknown format.',
  unstorable: 'The database refused what it holds: only its place in Kafka is kept. It can be discarded alone.',
};
export const meaningOf = (cause: string): string => CAUSES[cause] ?? '';

export interface CauseGroup {
  readonly cause: string;
  readonly messages: readonly ParkedSummary[];
}

/** By cause, the largest group first; within a group as they were parked. */
export function byCause(messages: readonly ParkedSummary[]): readonly CauseGroup[] {
  const groups = new Map<string, ParkedSummary[]>();
  for (const message of messages) {
    const group = groups.get(message.cause);
    if (group) group.push(message);
    else groups.set(message.cause, [message]);
  }
  return [...groups]
    .map(([cause, all]) => ({ cause, messages: all }))
    .sort((a, b) => b.messages.length - a.messages.length || a.cause.localeCompare(b.cause));
}

/** Why an action cannot be asked for; undefined: it can. */
export function refusalOf(action: SettleAction, { state, cut }: ParkedSummary): string | undefined {
  if (state === 'held') return 'it waits behind another: settle that one';
  if (state === 'discarded') return 'it is given up already';
  return action === 'replay' && cut ? 'it is not kept whole' : undefined;
}

/** What cannot be taken back, and what is done to several, asks for the end of an id. */
export const typedIdOf = (action: SettleAction, messages: readonly ParkedSummary[]): string | undefined =>
  action === 'discard' || messages.length > 1 ? messages.at(-1)?.id : undefined;

/** A name and a reason for who only looks: a dry run keeps neither. */
const NOBODY = 'console';
const LOOKING = 'dry run';

const tagOf = (version: number): string => `"v${version}"`;

/** The request that shows what an action would do to the message as it was read. */
export const dryRunRequest = ({ id, service, version }: ParkedSummary, operator: string) => ({
  path: { messageId: id },
  query: { service, dryRun: 'true' as const },
  headers: { 'If-Match': tagOf(version), 'X-Operator': operator || NOBODY },
  body: { reason: LOOKING },
});

/** The request that does it, on the version that the dry run has seen, whatever the message is at by now. */
export const settleRequest = (
  { id, service, version }: ParkedSummary,
  { operator, reason }: { readonly operator: string; readonly reason: string },
  key: string,
) => ({
  path: { messageId: id },
  query: { service },
  headers: { 'If-Match': tagOf(version), 'X-Operator': operator, 'Idempotency-Key': key },
  body: { reason: reason.trim() },
});

/** Who has settled a message, as a refusal tells. */
export interface SettledBy {
  readonly outcome: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** What a message has become since it was read: null, when it is parked no more. */
export interface MovedOn {
  readonly current: ParkedSummary | null;
  readonly settled: SettledBy | null;
}

/** Undefined: the problem is another one. */
export function movedOnBy(error: unknown): MovedOn | undefined {
  if (!(error instanceof ProblemError) || error.status !== 412) return undefined;
  const { current, settled } = error.problem as unknown as Partial<MovedOn>;
  return { current: current ?? null, settled: settled ?? null };
}

/** A sentence for each thing that has moved. */
export function movedSentences(seen: ParkedSummary, { current, settled }: MovedOn): readonly string[] {
  if (settled) return [`${settled.by} has settled it: it is ${settled.outcome}.`, `Why: ${settled.reason}`];
  if (!current) return ['It is parked no more.'];
  const sentences = [`Version ${seen.version} is version ${current.version} now.`];
  if (current.state !== seen.state) sentences.push(`It was ${seen.state} and is ${current.state}.`);
  if (current.attempts > seen.attempts) sentences.push(`It was tried again, and failed: ${current.error}`);
  return sentences;
}

/** `v1 HELD`; a row that is not there is none. */
export const stateText = (one: DecidedState | null): string =>
  one === null
    ? 'none'
    : [one.version === null ? undefined : `v${one.version}`, one.state ?? undefined].filter(Boolean).join(' ') ||
      'changed';

/** What became of it, or would: never that anything is mended. */
export function outcomeSentence({ action, dryRun, state, service, failure }: ParkedOperation): string {
  if (failure) return `It would fail again at ${service}, and stay poisoned: ${failure.error}`;
  if (action === 'discard') return dryRun ? `${service} would never handle it.` : `${service} will never handle it.`;
  return dryRun ? `${service} would handle it.` : `${service} has handled it: it is ${state}.`;
}
