import type { Message } from '@backstep/messages';
import { sagaIdOf } from '../definition/registry.js';
import type { SagaDefinition } from '../definition/saga.js';
import { sendCommand } from './send-command.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import { extended } from './extended.js';
import { pendingRecord, type SagaCore } from './instance.js';

/** Begins a saga and sends its first command. */
export function begin(definition: SagaDefinition, start: Message, context: DecideContext): Moved {
  const { subject, data } = start;
  const saga: SagaCore = {
    id: sagaIdOf(definition, start),
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

/** Sends the first pending step. When none is left, the saga is COMPLETED. */
export function advance(definition: SagaDefinition, saga: SagaCore, context: DecideContext): Moved {
  const next = saga.steps.find(({ state }) => state === 'pending');
  if (!next) return moved(extended(saga, { status: 'COMPLETED', endedAt: context.now }));
  return sendCommand(definition, saga, { step: next.name, direction: 'forward' }, undefined, context);
}
