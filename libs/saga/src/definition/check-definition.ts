import type { MessageDefinition, MessageKind } from '@backstep/messages';
import { SagaDefinitionError } from './errors.js';
import type { RetryPolicy } from './retry-policy.js';
import type { SagaDefinition } from './saga.js';
import type { AnyStep, Exchange, StepKind } from './steps.js';

/** A saga has at most this many steps, since its instance, with one entry a step, is written with every move. */
export const MAX_STEPS = 50;
/** A command is sent at most this many times, whatever the definition says. */
export const MAX_ATTEMPTS = 10_000;

const NAME = /^[a-z][a-z0-9-]{0,63}$/;
/** Words with underscores, so that documents, metrics and people tell a failure code from the name of a step. */
const FAILURE_CODE = /^[a-z][a-z0-9_]{0,63}$/;
const STAGES: readonly StepKind[] = ['compensatable', 'pivot', 'retriable'];

/**
 * Checks what types cannot: whether a saga can work. The service then fails at its start, and not when the first saga does.
 * @param failures the codes that the saga declares
 * @throws SagaDefinitionError with all problems at once.
 */
export function checkDefinition(saga: SagaDefinition, failures: readonly string[] = []): void {
  const problems = [...headProblems(saga), ...failureProblems(failures), ...orderProblems(saga), ...nameProblems(saga)];
  for (const step of allSteps(saga)) problems.push(...stepProblems(step));
  if (problems.length === 0)
    problems.push(...identityProblems(saga), ...turnBackProblems(saga), ...versionProblems(saga));
  if (problems.length > 0) throw new SagaDefinitionError(saga.name, problems);
}

const allSteps = ({ steps, whenUndone }: SagaDefinition): readonly AnyStep[] =>
  whenUndone ? [...steps, whenUndone] : steps;

function headProblems({ name, version, startsOn, deadline, steps, whenUndone }: SagaDefinition): string[] {
  const problems = messageProblems('startsOn', startsOn, 'event');
  if (!NAME.test(name)) problems.push('its name must be lower case words with dashes, at most 64 characters');
  if (!isCount(version)) problems.push(`version must be a positive integer, not ${version}`);
  if (!isCount(deadline)) problems.push(`deadline must be a positive number of milliseconds, not ${deadline}`);
  if (steps.length === 0) problems.push('it has no steps');
  if (steps.length > MAX_STEPS) problems.push(`it has ${steps.length} steps; ${MAX_STEPS} are allowed`);
  if (whenUndone && whenUndone.kind !== 'retriable') problems.push(`${whenUndone.name}: whenUndone must be retriable`);
  return problems;
}

function identityProblems({ startsOn, identifiedBy }: SagaDefinition): string[] {
  if (identifiedBy === undefined || identifiedBy in startsOn.schema.shape) return [];
  return [`identifiedBy: ${startsOn.name} has no field ${identifiedBy}`];
}

/** The event must find its instance, must not be an input of another kind, and must be able to turn the saga back at all. */
function turnBackProblems(saga: SagaDefinition): string[] {
  const { startsOn, identifiedBy, turnsBackOn, steps } = saga;
  if (!turnsBackOn) return [];
  const { event } = turnsBackOn;
  const problems = messageProblems('turnsBackOn', event, 'event');
  if (problems.length > 0) return problems;
  const others = messagesOf({ ...saga, turnsBackOn: undefined });
  if (others.some(({ name }) => name === event.name))
    problems.push(`turnsBackOn: ${event.name} starts the saga or answers a command of it, and cannot turn it back too`);
  if (event.keyOf !== startsOn.keyOf)
    problems.push(
      `turnsBackOn: the key of ${event.name} is ${event.keyOf}, and that of ${startsOn.name} is ${startsOn.keyOf}`,
    );
  if (identifiedBy !== undefined && !(identifiedBy in event.schema.shape))
    problems.push(`turnsBackOn: ${event.name} has no field ${identifiedBy}, which identifies the instance`);
  if (!steps.some(({ kind }) => kind === 'compensatable'))
    problems.push('turnsBackOn: no step is compensatable, so nothing can turn the saga back');
  return problems;
}

const failureProblems = (failures: readonly string[]): string[] =>
  failures
    .filter((code) => !FAILURE_CODE.test(code))
    .map((code) => `failures: ${code} must be lower case words with underscores, at most 64 characters`);

function orderProblems({ steps }: SagaDefinition): string[] {
  const problems: string[] = [];
  let stage = 0;
  for (const { name, kind } of steps) {
    const own = STAGES.indexOf(kind);
    if (kind === 'pivot' && stage === own) problems.push(`${name}: a saga has at most one pivot`);
    else if (own < stage) problems.push(`${name}: a ${kind} step cannot follow a ${STAGES[stage]} step`);
    stage = Math.max(stage, own);
  }
  return problems;
}

/** An instance finds its step by name, so the names of steps are unique. */
function nameProblems(saga: SagaDefinition): string[] {
  const seen = new Set<string>();
  return allSteps(saga).flatMap(({ name }) => {
    if (!NAME.test(name)) return [`${name}: a step's name must be lower case words with dashes, at most 64 characters`];
    if (seen.has(name)) return [`${name}: the name is taken by another step`];
    seen.add(name);
    return [];
  });
}

function stepProblems(step: AnyStep): string[] {
  const problems = exchangeProblems(step.forward, {
    send: 'send',
    done: 'done',
    refused: 'refused',
    timeout: step.kind === 'compensatable' ? 'timeout' : 'retryAfter',
    retry: 'retry',
  });
  if (step.kind === 'pivot' && !step.forward.refused)
    problems.push('refused is missing: a pivot that cannot be refused decides nothing');
  if (step.kind === 'compensatable') {
    problems.push(
      ...exchangeProblems(step.undo, {
        send: 'undo',
        done: 'undone',
        refused: '',
        timeout: 'undoRetryAfter',
        retry: 'undoRetry',
      }),
    );
  }
  return problems.map((problem) => `${step.name}: ${problem}`);
}

type Columns = Readonly<Record<'send' | 'done' | 'refused' | 'timeout' | 'retry', string>>;

function exchangeProblems({ send, done, refused, retry }: Exchange, column: Columns): string[] {
  const problems = [
    ...messageProblems(column.send, send, 'command'),
    ...messageProblems(column.done, done, 'event'),
    ...(refused ? messageProblems(column.refused, refused.event, 'event') : []),
    ...retryProblems(retry, column),
  ];
  if (refused && refused.event === done) problems.push(`${column.done} and ${column.refused} are the same event`);
  return problems;
}

function messageProblems(column: string, definition: MessageDefinition | undefined, kind: MessageKind): string[] {
  if (!definition) return [`${column} is missing`];
  if (definition.kind !== kind)
    return [`${column} must be ${kind === 'event' ? 'an event' : 'a command'}; ${definition.name} is not`];
  return isCount(definition.version) ? [] : [`${column}: ${definition.name} has no valid version`];
}

function retryProblems({ timeout, attempts, backoff, maxBackoff }: RetryPolicy, column: Columns): string[] {
  const problems: string[] = [];
  if (!isCount(timeout)) problems.push(`${column.timeout} must be a positive number of milliseconds, not ${timeout}`);
  if (!isCount(attempts) || attempts > MAX_ATTEMPTS)
    problems.push(`${column.retry}.attempts must be 1 to ${MAX_ATTEMPTS}, not ${attempts}`);
  if (!isCount(backoff))
    problems.push(`${column.retry}.backoff must be a positive number of milliseconds, not ${backoff}`);
  if (!(maxBackoff >= backoff)) problems.push(`${column.retry}.maxBackoff must not be below its backoff`);
  return problems;
}

/** One saga names one version of each message: a step's answers are found by the name of their event. */
function versionProblems(saga: SagaDefinition): string[] {
  const versions = new Map<string, number>();
  return messagesOf(saga).flatMap(({ name, version }) => {
    const other = versions.get(name) ?? version;
    versions.set(name, version);
    return other === version ? [] : [`${name} is used in versions ${other} and ${version}`];
  });
}

/** Every message that a saga sends or receives, in the order of its table. A message that is used twice is there twice. */
export const messagesOf = (saga: SagaDefinition): MessageDefinition[] => [
  saga.startsOn,
  ...(saga.turnsBackOn ? [saga.turnsBackOn.event] : []),
  ...allSteps(saga).flatMap((step) => [
    ...messagesOfExchange(step.forward),
    ...(step.kind === 'compensatable' ? messagesOfExchange(step.undo) : []),
  ]),
];

const messagesOfExchange = ({ send, done, refused }: Exchange): MessageDefinition[] =>
  refused ? [send, done, refused.event] : [send, done];

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
