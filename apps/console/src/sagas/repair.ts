import type { Saga, SagaAction, SagaOperation, SagaStep } from '../api/types.js';

/** What an action does, in a sentence that a person decides by. */
export const MEANINGS: Readonly<Record<SagaAction, string>> = {
  retry: 'The awaited command is sent once more, under the same command id: nothing happens twice.',
  skip: 'Somebody has done the awaited step by hand: the saga goes on as if it had been answered.',
  compensate: 'The saga turns back: what ran is undone, the latest first.',
  abandon: 'Nothing more is undone. What is left behind stays in sight, and is a person’s to mend.',
};
/** The key that opens the dry run of an action. */
export const ACTION_KEYS: Readonly<Record<SagaAction, string>> = {
  retry: 'r',
  skip: 's',
  compensate: 'b',
  abandon: 'a',
};

/** What cannot be taken back asks for the end of the saga's id. */
export const needsTyping = (action: SagaAction): boolean => action === 'skip' || action === 'abandon';

/** What an operator looks at while an action is decided. */
export interface Looked {
  /** The saga that the dry run is of. It stays as it is: this version, and no other, is what the operator says yes to. */
  readonly seen: Saga;
  /** The saga as it was read last. */
  readonly newest: Saga;
  /** What has moved between the dry run before and this one. */
  readonly moved: readonly string[];
}

export const lookedAt = (saga: Saga): Looked => ({ seen: saga, newest: saga, moved: [] });

/** The saga was read again, while the operator looks at it. */
export const readAgain = (look: Looked, newest: Saga): Looked =>
  newest.version > look.newest.version ? { ...look, newest } : look;

/** A new dry run is of the saga as it is now. */
export const lookedAnew = (look: Looked, now: Saga): Looked => ({
  seen: now,
  newest: now,
  moved: movedSince(look.seen, now),
});

interface Asked {
  readonly sagaId: string;
  readonly action: SagaAction;
  /** The version that the operator has seen. */
  readonly seenVersion: number;
  readonly operator: string;
  readonly reason: string;
}

/** A name and a reason for who only looks: a dry run keeps neither. */
const NOBODY = 'console';
const LOOKING = 'dry run';

/** The request that shows what an action would do to the saga as it was read. */
export const dryRunRequest = (sagaId: string, seenVersion: number, operator: string) => ({
  path: { sagaId },
  query: { dryRun: 'true' as const },
  headers: { 'If-Match': tagOf(seenVersion), 'X-Operator': operator || NOBODY },
  body: { reason: LOOKING },
});

/** The request that does it, on the version that the dry run has seen, whatever the saga is at by now. */
export const repairRequest = ({ sagaId, seenVersion, operator, reason }: Asked, key: string) => ({
  path: { sagaId },
  headers: { 'If-Match': tagOf(seenVersion), 'X-Operator': operator, 'Idempotency-Key': key },
  body: { reason: reason.trim() },
});

export const tagOf = (version: number): string => `"v${version}"`;

/** One line of the journal, before an action and after it. */
export interface StepChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly changed: boolean;
}

/** The steps of both in the order of the later one: an action may add a step (what is sent when all is undone), and takes none away. */
export function stepChanges(before: readonly SagaStep[], after: readonly SagaStep[]): readonly StepChange[] {
  return after.map((step) => {
    const earlier = before.find(({ name }) => name === step.name);
    const [was, is] = [earlier ? stepText(earlier) : '–', stepText(step)];
    return { name: step.name, before: was, after: is, changed: was !== is };
  });
}

/** `undoing, attempt 3`. */
export function stepText({ state, attempts, undo, skippedBy }: SagaStep): string {
  const by = undo?.skippedBy ?? skippedBy;
  if (state === 'skipped' && by) return `skipped by ${by}`;
  if (undo && state === 'undoing') return `undoing, attempt ${undo.attempts}`;
  return state === 'sent' ? `sent, attempt ${attempts}` : state;
}

/** What has moved since an operator has seen it, a sentence each. */
export function movedSince(seen: Saga, now: Saga): readonly string[] {
  const moved = [`Version ${seen.version} is version ${now.version} now.`];
  if (seen.state !== now.state) moved.push(`It was ${seen.state} and is ${now.state}.`);
  for (const { name, before, after } of stepChanges(seen.steps, now.steps).filter(({ changed }) => changed))
    moved.push(`${name}: ${before} → ${after}.`);
  for (const { by, action, reason } of now.operations.slice(seen.operations.length))
    moved.push(`${by} did ${action}: ${reason}`);
  return moved;
}

/** The saga of a 412, as it is now. */
export const currentOf = (problem: { readonly current?: unknown }): Saga | undefined =>
  problem.current as Saga | undefined;

/** What is known after an action: that it was sent. Whether anything is mended, only an answer says. */
export function afterwards({ action, commands, saga, transition }: SagaOperation): readonly string[] {
  const services = [...new Set(commands.map(({ topic }) => topic.replace(/\..*$/, '')))];
  const first = {
    retry: 'Asked again.',
    skip: 'The step counts as done.',
    compensate: 'It turns back.',
    abandon: 'It is given up.',
  }[action];
  const waits =
    services.length > 0
      ? `Nothing is mended until ${services.join(' and ')} answers.`
      : `Nothing was sent: it went from ${transition.from} to ${transition.to}, and is ${saga.state}.`;
  return [first, waits];
}
