import { encode, message, newId, type WireMessage } from '@backstep/messages';
import { exampleData } from '@backstep/contracts/derived';
import type { SagaDefinition, SagaInstance } from '@backstep/saga';
import { SagaRow } from '@backstep/saga/runtime';
import type { World } from '../world/world.js';

/** The yes that a live saga waits for, to a command that was never sent: it must not count. undefined: no saga waits. */
export function strayAnswer(world: World, saga: SagaDefinition): WireMessage | undefined {
  for (const row of world.store('orchestrator').of(SagaRow).rows.values()) {
    const instance = row['instance'] as SagaInstance;
    if (instance.status !== 'RUNNING' || instance.awaiting.direction !== 'forward') continue;
    const step = saga.steps.find(({ name }) => name === instance.awaiting.step);
    if (!step) continue;
    const { yes } = step.forward;
    const data = { ...exampleData(yes), [yes.keyOf]: instance.subject };
    return encode(message(yes, data, { source: yes.service, sagaId: instance.id, commandId: newId() }), yes);
  }
  return undefined;
}
