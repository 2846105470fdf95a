import { describe, expect, it } from '@jest/globals';
import type { SagaInstance, StepRecord } from './instance.js';
import { assertSound, UnsoundSagaError, violationsOf } from './invariants.js';

/** Goal: a row that no decision can have written is found, and each broken rule named, before anything is decided from it. */
const core = {
  id: 'id',
  name: 'try',
  definitionVersion: 1,
  subject: 'cake',
  start: {},
  startedAt: 1,
  updatedAt: 1,
  deadlineAt: 2,
};
const failure = { code: 'timed_out', message: '' };
const step = (
  name: string,
  state: StepRecord['state'],
  armed = false,
  kind: StepRecord['kind'] = 'compensatable',
): StepRecord => ({
  name,
  kind,
  state,
  armed,
  attempts: 1,
});
const awaiting = (name: string, direction: 'forward' | 'undo' = 'forward') => ({
  step: name,
  direction,
  commandId: 'command',
  attempts: 1,
  dueAt: 2,
});
const running = (steps: StepRecord[], at: string): SagaInstance => ({
  ...core,
  steps,
  status: 'RUNNING',
  awaiting: awaiting(at),
});
const undoing = (steps: StepRecord[], at: string): SagaInstance => ({
  ...core,
  steps,
  status: 'COMPENSATING',
  awaiting: awaiting(at, 'undo'),
  failure,
});
const compensated = (steps: StepRecord[]): SagaInstance => ({
  ...core,
  steps,
  status: 'COMPENSATED',
  endedAt: 2,
  failure,
});

const abandoned = (steps: StepRecord[]): SagaInstance => ({ ...core, steps, status: 'ABANDONED', endedAt: 2, failure });

describe('an instance that cannot be', () => {
  it.each<[string, SagaInstance]>([
    ['it waits at gone, and there is no such step', running([step('a', 'sent', true)], 'gone')],
    ['it waits for a, which is done, not sent', running([step('a', 'done', true)], 'a')],
    ['a is sent, and not armed', running([step('a', 'sent')], 'a')],
    ['p is armed, and a pivot step has no compensation', running([step('p', 'sent', true, 'pivot')], 'p')],
    ['a is pending, and was passed', running([step('a', 'pending'), step('b', 'sent', true)], 'b')],
    ['b is done, before its turn', running([step('a', 'sent', true), step('b', 'done', true)], 'a')],
    ['two steps have one name', running([step('a', 'sent', true), step('a', 'pending')], 'a')],
    [
      'a step after a should have been undone first',
      undoing([step('a', 'undoing', true), step('b', 'done', true)], 'a'),
    ],
    [
      'p decided that the saga completes, and it goes back',
      undoing([step('a', 'undoing', true), step('p', 'done', false, 'pivot')], 'a'),
    ],
    ['it is COMPENSATED, and a is done', compensated([step('a', 'done', true)])],
    ['it is COMPENSATED, and a is abandoned', compensated([step('a', 'abandoned')])],
    ['it is ABANDONED, and a is done', abandoned([step('a', 'done', true)])],
    ['it is COMPLETED, and a is sent', { ...core, steps: [step('a', 'sent', true)], status: 'COMPLETED', endedAt: 2 }],
  ])('an unsound instance is named: %s', (violation, instance) => {
    expect(violationsOf(instance)).toEqual([violation]);
    expect(() => assertSound(instance)).toThrow(UnsoundSagaError);
  });

  it('a sound instance passes, and an unsound one throws UnsoundSagaError', () => {
    expect(
      violationsOf(undoing([step('a', 'done', true), step('b', 'undoing', true), step('c', 'refused')], 'b')),
    ).toEqual([]);
    expect(violationsOf(compensated([step('a', 'undone'), step('b', 'refused'), step('c', 'skipped')]))).toEqual([]);
    const given = [step('a', 'abandoned'), step('r', 'done', false, 'retriable')];
    expect(violationsOf(abandoned(given))).toEqual([]);
  });
});
