import { failureOf, hasEnded, type SagaInstance, type StepRecord } from './instance.js';

/** A saga instance that no decision can have made: a bug, or a row changed by hand. Terminal: nothing may be decided from it. */
export class UnsoundSagaError extends Error {
  override readonly name = 'UnsoundSagaError';
  constructor(
    readonly sagaId: string,
    readonly violations: readonly string[],
  ) {
    super(`saga ${sagaId} cannot be: ${violations.join('; ')}`);
  }
}

/**
 * Checks the invariants of an instance, at each write and again at each read. Costs one pass over the journal.
 * @throws UnsoundSagaError
 */
export function assertSound(saga: SagaInstance): void {
  const violations = violationsOf(saga);
  if (violations.length > 0) throw new UnsoundSagaError(saga.id, violations);
}

/** Every invariant that the instance breaks, in words. */
export function violationsOf(saga: SagaInstance): string[] {
  return [...journalViolations(saga), ...(hasEnded(saga) ? endViolations(saga) : awaitingViolations(saga))];
}

function journalViolations(saga: SagaInstance): string[] {
  const { steps, status } = saga;
  const violations: string[] = [];
  const goesBack = 'failure' in saga && status !== 'ABANDONED';
  if (new Set(steps.map(({ name }) => name)).size !== steps.length) violations.push('two steps have one name');
  for (const { name, kind, state, armed } of steps) {
    if (armed && kind !== 'compensatable') violations.push(`${name} is armed, and a ${kind} step has no compensation`);
    if (armed && !['sent', 'done', 'undoing'].includes(state)) violations.push(`${name} is armed, and ${state}`);
    if (kind === 'compensatable' && !armed && (state === 'sent' || state === 'done'))
      violations.push(`${name} is ${state}, and not armed`);
    if (kind === 'pivot' && state === 'done' && goesBack)
      violations.push(`${name} decided that the saga completes, and it goes back`);
    if (!goesBack && status !== 'ABANDONED' && ['undoing', 'undone', 'abandoned'].includes(state))
      violations.push(`${name} is ${state} on the way forward`);
  }
  return violations;
}

function awaitingViolations(saga: Exclude<SagaInstance, { endedAt: number }>): string[] {
  const { step, direction } = saga.awaiting;
  const at = saga.steps.findIndex(({ name }) => name === step);
  const record = saga.steps[at];
  const violations: string[] = [];
  if (!record) return [`it waits at ${step}, and there is no such step`];
  if (saga.status === 'RUNNING' && failureOf(saga)) violations.push('it is RUNNING with a failure');
  if (saga.status === 'COMPENSATING' && !failureOf(saga)) violations.push('it is COMPENSATING without a failure');
  const expected = direction === 'forward' ? 'sent' : 'undoing';
  if (record.state !== expected) violations.push(`it waits for ${step}, which is ${record.state}, not ${expected}`);
  const others = saga.steps.filter((other) => other !== record);
  for (const { name, state } of others) {
    if (state === 'sent' && !failureOf(saga)) violations.push(`it waits for ${step}, and ${name} is sent too`);
    if (state === 'undoing') violations.push(`it waits for ${step}, and ${name} is being undone too`);
  }
  if (!failureOf(saga)) violations.push(...orderViolations(saga.steps, at));
  else if (saga.steps.slice(at + 1).some(({ armed }) => armed))
    violations.push(`a step after ${step} should have been undone first`);
  return violations;
}

const orderViolations = (steps: readonly StepRecord[], at: number): string[] => [
  ...steps
    .slice(0, at)
    .filter(({ state }) => state !== 'done')
    .map(({ name, state }) => `${name} is ${state}, and was passed`),
  ...steps
    .slice(at + 1)
    .filter(({ state }) => state !== 'pending')
    .map(({ name, state }) => `${name} is ${state}, before its turn`),
];

function endViolations({ status, steps }: SagaInstance): string[] {
  if (status === 'COMPLETED') {
    return steps
      .filter(({ state }) => state !== 'done')
      .map(({ name, state }) => `it is COMPLETED, and ${name} is ${state}`);
  }
  // Only an ABANDONED saga may have abandoned steps.
  const open = ['pending', 'undoing', ...(status === 'ABANDONED' ? ['sent'] : ['abandoned'])];
  return steps
    .filter(({ armed, state }) => armed || open.includes(state))
    .map(({ name, state }) => `it is ${status}, and ${name} is ${state}`);
}
