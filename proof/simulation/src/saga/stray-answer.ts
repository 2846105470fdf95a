import { encode, message, newId, type WireMessage } from '@backstep/messages';
import { exampleData } from '@backstep/contracts/derived';
import type { SagaDefinition } from '@backstep/saga';
import { instanceOf, SagaRow } from '@backstep/saga/runtime';
import type { World } from '../world/world.js';

/** The `done` event that a live saga waits for, with the id of a command that was never sent: it must not count. undefined: no saga waits. */
export function strayAnswer(world: World, saga: SagaDefinition): WireMessage | undefined {
  for (const row of world.store('orchestrator').of(SagaRow).rows.values()) {
    const instance = instanceOf(row as unknown as SagaRow);
    if (instance.status !== 'RUNNING' || instance.awaiting.direction !== 'forward') continue;
    const step = saga.steps.find(({ name }) => name === instance.awaiting.step);
    if (!step) continue;
    const { done } = step.forward;
    const data = { ...exampleData(done), [done.keyOf]: instance.subject };
    return encode(message(done, data, { source: done.service, sagaId: instance.id, commandId: newId() }), done);
  }
  return undefined;
}
