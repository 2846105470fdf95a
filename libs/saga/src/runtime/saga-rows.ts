import { insert, many, update, type Change } from '@backstep/unit-of-work';
import type { SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { timerFor } from '../store/saga-timer.js';
import { SagaRow } from './saga.entities.js';
import { storedInstance } from './stored-instance.js';

export const sagaNeeds = (sagaIds: readonly string[]) => ({ sagas: many(SagaRow, sagaIds) });

/**
 * The change that stores an instance, its timer included.
 * @throws UnsoundSagaError when the instance is unsound
 */
export function sagaChange(row: SagaRow | undefined, saga: SagaInstance, traceparent?: string): Change {
  assertSound(saga);
  const { id, name, subject, status, startedAt, instance } = storedInstance(saga);
  return row
    ? update(SagaRow, row, { status, instance, ...timerFor(saga, row) })
    : insert(SagaRow, {
        id,
        name,
        subject,
        startedAt,
        traceparent: traceparent ?? null,
        status,
        ...timerFor(saga),
        instance,
      });
}
