import type { Message } from '@backstep/messages';
import { sagaIdFor } from '../definition/registry.js';
import type { SagaDefinition } from '../definition/saga.js';
import { sendCommand } from './send-command.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import { extended } from './extended.js';
import { pendingRecord, type SagaCore } from './instance.js';

/** A new saga, at its first step. */
export function begin(definition: SagaDefinition, { subject, data }: Message, context: DecideContext): Moved {
  const saga: SagaCore = {
    id: sagaIdFor(definition, subject),
    name: definition.name,
    definitionVersion: definition.version,
    subject,
    start: data,
    startedAt: context.now,
    updatedAt: context.now,
    deadlineAt: context.now + definition.deadline,
    steps: definition.steps.map(pendingRecord),
  };
  return advance(definition, saga, context);
}

/** The first step that was not sent yet is sent; when there is none, the saga is complete. */
export function advance(definition: SagaDefinition, saga: SagaCore, context: DecideContext): Moved {
  const next = saga.steps.find(({ state }) => state === 'pending');
  if (!next) return moved(extended(saga, { status: 'COMPLETED', endedAt: context.now }));
  return sendCommand(definition, saga, { step: next.name, direction: 'forward' }, undefined, context);
}
