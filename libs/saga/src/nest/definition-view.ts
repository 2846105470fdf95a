import type { SagaDefinition } from '../definition/saga.js';
import type { AnyStep } from '../definition/steps.js';

/** A saga's table, as it is registered: what a client needs to draw the way of a saga before it is walked. */
export const definitionView = ({ name, version, startsOn, deadline, steps, whenUndone }: SagaDefinition) => ({
  type: name,
  version,
  startsOn: startsOn.name,
  deadlineMs: deadline,
  steps: steps.map(stepView),
  whenUndone: whenUndone ? stepView(whenUndone) : null,
});

/** Messages by their names; null where the step has none. */
function stepView(step: AnyStep) {
  const { send, done, refused, retry } = step.forward;
  const undo = step.kind === 'compensatable' ? step.undo : undefined;
  return {
    name: step.name,
    kind: step.kind,
    service: send.service,
    send: send.name,
    done: done.name,
    refused: refused?.event.name ?? null,
    undo: undo?.send.name ?? null,
    undone: undo?.done.name ?? null,
    timeoutMs: retry.timeout,
    attempts: retry.attempts,
  };
}
