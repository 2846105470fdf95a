import { insert, many, remove, update, type Change } from '@backstep/unit-of-work';
import { timersOf, type SagaTimers, type TimerName } from '../decide/decision.js';
import type { SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { SagaRow, SagaTimerRow } from './saga.entities.js';

const TIMER_NAMES: readonly TimerName[] = ['step', 'deadline'];

export const timerId = (sagaId: string, name: TimerName): string => `${sagaId}/${name}`;

/** The rows of these sagas: instances and timers. */
export const sagaNeeds = (sagaIds: readonly string[]) => ({
  sagas: many(SagaRow, sagaIds),
  timers: many(
    SagaTimerRow,
    sagaIds.flatMap((id) => TIMER_NAMES.map((name) => timerId(id, name))),
  ),
});

/**
 * Everything that must be written for an instance to be as it is now, its timers included.
 * @throws UnsoundSagaError rather than store what cannot be
 */
export function sagaChanges(
  row: SagaRow | undefined,
  timers: ReadonlyMap<string, SagaTimerRow>,
  instance: SagaInstance,
  traceparent?: string,
): Change[] {
  assertSound(instance);
  const { id, name, subject, status, startedAt } = instance;
  const stored = row
    ? update(SagaRow, row, { status, instance })
    : insert(SagaRow, { id, name, subject, status, startedAt, instance, traceparent: traceparent ?? null });
  return [stored, ...timerChanges(timers, id, timersOf(instance))];
}

/** What must be written for the saga to have these timers and no others; nothing when it has them. */
export function timerChanges(timers: ReadonlyMap<string, SagaTimerRow>, sagaId: string, wanted: SagaTimers): Change[] {
  return TIMER_NAMES.flatMap((name) => {
    const id = timerId(sagaId, name);
    const timer = timers.get(id);
    const dueAt = wanted[name];
    if (dueAt === undefined) return timer ? [remove(SagaTimerRow, timer)] : [];
    if (!timer) return [insert(SagaTimerRow, { id, sagaId, name, dueAt, wakeAt: dueAt, failures: 0 })];
    return timer.dueAt === dueAt ? [] : [update(SagaTimerRow, timer, { dueAt, wakeAt: dueAt, failures: 0 })];
  });
}
