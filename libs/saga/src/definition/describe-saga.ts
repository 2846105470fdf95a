import type { MessageDefinition } from '@backstep/messages';
import type { SagaDefinition } from './saga.js';
import type { AnyStep } from './steps.js';

/** A saga as rows of plain text, for documents and for people. */
export interface DescribedStep {
  readonly step: string;
  readonly kind: string;
  readonly command: string;
  readonly done: string;
  readonly refused: string;
  readonly undo: string;
  readonly undone: string;
  /** How long an attempt waits × attempts. Named as `backstep sagas describe --json` prints it. */
  readonly patience: string;
}

/** The table of a definition, one row a step; what cannot happen is an empty string. */
export const describeSaga = ({ steps, whenUndone }: SagaDefinition): DescribedStep[] => [
  ...steps.map((step) => rowOf(step, step.kind)),
  ...(whenUndone ? [rowOf(whenUndone, 'when undone')] : []),
];

function rowOf(step: AnyStep, kind: string): DescribedStep {
  const { send, yes, no, retry } = step.forward;
  const undo = step.kind === 'compensatable' ? step.undo : undefined;
  return {
    step: step.name,
    kind,
    command: nameOf(send),
    done: nameOf(yes),
    refused: nameOf(no?.event),
    undo: nameOf(undo?.send),
    undone: nameOf(undo?.yes),
    patience: `${retry.timeout / 1000} s × ${retry.attempts}`,
  };
}

const nameOf = (definition: MessageDefinition | undefined): string => definition?.name ?? '';
