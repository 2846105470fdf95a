import { insert, many, update, type Change } from '@backstep/unit-of-work';
import type { SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { timerFor } from '../store/saga-timer.js';
import { SagaRow } from './saga.entities.js';

export const sagaNeeds = (sagaIds: readonly string[]) => ({ sagas: many(SagaRow, sagaIds) });

/**
 * The change that stores an instance, its timer included.
 * @throws UnsoundSagaError when the instance is unsound
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
