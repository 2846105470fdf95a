import { insert, many, update, type Change } from '@backstep/unit-of-work';
import type { SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { timerFor } from '../store/saga-timer.js';
import { SagaRow } from './saga.entities.js';

export const sagaNeeds = (sagaIds: readonly string[]) => ({ sagas: many(SagaRow, sagaIds) });

/**
 * What must be written for an instance to be as it is now, its timer included.
 * @throws UnsoundSagaError rather than store what cannot be
 */
export function sagaChange(row: SagaRow | undefined, instance: SagaInstance, traceparent?: string): Change {
  assertSound(instance);
  const { id, name, subject, status, startedAt } = instance;
  return row
    ? update(SagaRow, row, { status, instance, ...timerFor(instance, row) })
    : insert(SagaRow, {
        id,
        name,
        subject,
        status,
        startedAt,
        instance,
        traceparent: traceparent ?? null,
        ...timerFor(instance),
      });
}
