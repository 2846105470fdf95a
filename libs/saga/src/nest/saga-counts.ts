import type { SagaStatus } from '../decide/instance.js';
import type { SagaRegistry } from '../definition/registry.js';
import type { PostgresSagaStore } from '../runtime/postgres-saga-store.js';

/** The states of sagas that have not ended; UNREGISTERED: nothing can move it, as its definition is not deployed. */
type UnendedState = Extract<SagaStatus, 'RUNNING' | 'COMPENSATING' | 'STUCK'> | 'UNREGISTERED';
export type SagaCounts = Readonly<Record<UnendedState, number>>;

/** How many sagas have not ended, by state. */
export async function countUnended(store: PostgresSagaStore, registry: SagaRegistry): Promise<SagaCounts> {
  const counts = { RUNNING: 0, COMPENSATING: 0, STUCK: 0, UNREGISTERED: 0 };
  for (const { name, definitionVersion, status, count } of await store.countUnended())
    counts[registry.find({ name, definitionVersion }) ? (status as UnendedState) : 'UNREGISTERED'] += count;
  return counts;
}
