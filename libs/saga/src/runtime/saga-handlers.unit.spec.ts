import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { offlineTables, type Tables } from '@backstep/concurrency';
import { message, type EventDefinition, type Message } from '@backstep/messages';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { hasEnded, minutes, sagaRegistry, seconds, UnsoundSagaError } from '../index.js';
import { instanceOf, SAGA_ENTITIES, SagaRow } from './index.js';
import { bakeAndServe, CakeBaked, CakeServed, wished } from '../testing/bakery.fixture.spec.js';
import { SagaEventHandler, SagaTimerHandler } from './saga-handlers.js';

/**
 * Goal: each move of a saga writes the instance and the instant of its timer; an unsound instance is not written.
 * Method: the handlers on rows in memory, with a clock of the spec's own.
 */
const NOON = Date.UTC(2030, 0, 1, 12);
const registry = sagaRegistry([bakeAndServe(1)]);
const events = new SagaEventHandler(registry);
const timers = new SagaTimerHandler(registry);
const clock = { now: NOON };
let tables: Tables;
let rows: InMemoryRows;
beforeAll(async () => {
  tables = await offlineTables(SAGA_ENTITIES);
});
beforeEach(() => {
  clock.now = NOON;
  rows = new InMemoryRows(tables, () => clock.now);
});

const hear = (event: Message): Message[] => rows.handle(events, event);

function row(): SagaRow {
  const [found, ...others] = rows.all(SagaRow);
  if (!found || others.length > 0) throw new Error('there must be one saga');
  return found;
}

/** When the awaited step's answer is overdue. */
function dueAt(): number {
  const saga = instanceOf(row());
  if (saga.status !== 'RUNNING') throw new Error(`it is ${saga.status}`);
  return saga.awaiting.dueAt;
}

function answer(definition: EventDefinition): Message {
  const saga = instanceOf(row());
  if (hasEnded(saga)) throw new Error('it has ended');
  const { commandId } = saga.awaiting;
  return message(definition, { cakeId: saga.subject }, { source: definition.service, sagaId: saga.id, commandId });
}

const fire = () => rows.request(timers, { sagaId: row().id });

describe('the event handler', () => {
  it('a saga is inserted once when it begins, and each move adds one to its version', () => {
    const wish = wished();
    expect(hear(wish).map(({ type }) => type)).toEqual(['BakeCake']);
    expect(hear({ ...wish, id: wish.subject })).toEqual([]);
    expect(row()).toMatchObject({ version: 1, status: 'RUNNING', subject: wish.subject, startedAt: NOON });
    hear(answer(CakeBaked));
    hear(answer(CakeServed));
    expect(row()).toMatchObject({ version: 3, status: 'COMPLETED' });
  });

  it('an unsound instance is not written', () => {
    hear(wished());
    const { instance, ...columns } = row();
    const [serve, bake] = instance.journal;
    if (!bake || !serve) throw new Error('it has two steps');
    rows.put(SagaRow, { ...columns, instance: { ...instance, journal: [{ ...serve, armed: true }, serve, bake] } });
    const before = row();
    expect(() => hear(answer(CakeBaked))).toThrow(UnsoundSagaError);
    expect(row()).toEqual(before);
  });
});

describe('the timer of a saga', () => {
  it('the timer of a new saga is set to when its first answer is overdue', () => {
    hear(wished());
    expect(row().timerAt).toBe(dueAt());
  });

  it('the timer stays unchanged while nothing is due before it', () => {
    hear(wished());
    const set = row().timerAt;
    clock.now += seconds(9);
    hear(answer(CakeBaked));
    expect(dueAt()).toBeGreaterThan(set ?? Infinity);
    expect(row().timerAt).toBe(set);
  });

  it('a timer that fires early is reset and sends nothing', () => {
    hear(wished());
    clock.now += seconds(9);
    hear(answer(CakeBaked));
    clock.now = row().timerAt ?? NaN;
    expect(fire()).toMatchObject({ answer: false, said: [] });
    expect(row().timerAt).toBe(dueAt());
  });

  it('an overdue timer is reset by an answer', () => {
    hear(wished());
    clock.now += minutes(1);
    hear(answer(CakeBaked));
    expect(row().timerAt).toBe(dueAt());
  });

  it('the timer moves to a deadline that comes before the next answer is overdue', () => {
    hear(wished());
    const { instance, ...columns } = row();
    rows.put(SagaRow, { ...columns, instance: { ...instance, deadlineAt: NOON + seconds(6) } });
    clock.now += seconds(5);
    hear(answer(CakeBaked));
    expect(row().timerAt).toBe(NOON + seconds(6));
  });

  it('a timer that was put off is reset when the saga moves, with no failures', () => {
    hear(wished());
    rows.put(SagaRow, { ...row(), timerAt: NOON + seconds(12), failures: 3 });
    clock.now += seconds(11);
    hear(answer(CakeBaked));
    expect(row()).toMatchObject({ timerAt: dueAt(), failures: 0 });
  });

  it('the timer is cleared when the saga has ended', () => {
    hear(wished());
    hear(answer(CakeBaked));
    hear(answer(CakeServed));
    expect(row()).toMatchObject({ status: 'COMPLETED', timerAt: null });
  });
});
