import type { MessageDefinition } from '@backstep/messages';
import type { SagaDefinition } from './saga.js';
import type { AnyStep } from './steps.js';

/** One row of a saga's table, for documents and for people. */
export interface DescribedStep {
  readonly step: string;
  readonly kind: string;
  readonly command: string;
  readonly done: string;
  readonly refused: string;
  readonly undo: string;
  readonly undone: string;
  /** How long each attempt waits for its answer, without its random pause, in milliseconds. */
  readonly timeoutMs: number;
  /** How often the command is sent at most. */
  readonly attempts: number;
}

/** The table of a definition, one row a step. The name of a message that the step does not have is an empty string. */
export const describeSaga = ({ steps, whenUndone }: SagaDefinition): DescribedStep[] => [
  ...steps.map((step) => rowOf(step, step.kind)),
  ...(whenUndone ? [rowOf(whenUndone, 'when undone')] : []),
];

function rowOf(step: AnyStep, kind: string): DescribedStep {
  const { send, done, refused, retry } = step.forward;
  const undo = step.kind === 'compensatable' ? step.undo : undefined;
  return {
    step: step.name,
    kind,
    command: nameOf(send),
    done: nameOf(done),
    refused: nameOf(refused?.event),
    undo: nameOf(undo?.send),
    undone: nameOf(undo?.done),
    timeoutMs: retry.timeout,
    attempts: retry.attempts,
  };
}

const nameOf = (definition: MessageDefinition | undefined): string => definition?.name ?? '';
