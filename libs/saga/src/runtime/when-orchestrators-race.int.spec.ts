import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { command, event, newId, versionOf, type WireMessage } from '@backstep/messages';
import {
  ConfirmOrder,
  OrderConfirmed,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { anOrder } from '@backstep/contracts/testing';
import {
  compensatable,
  minutes,
  retriable,
  saga,
  sagaIdFor,
  seconds,
  TIMERS_MAX,
  UnknownSagaVersionError,
} from '../index.js';
import { answer, confirmed, NOON, orchestrators, placed, reserved, small, TRACE } from './orchestrator.fixture.spec.js';

/**
 * Goal: however many orchestrators hear the same events and fire the same timers, each saga takes each step once and each command is
 * sent once per ask; what does not answer the awaited command changes nothing.
 * Method: two instances on one PostgreSQL, given the same work at the same time, with a clock of the spec's own.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

/** Version 2 without the second step. */
const shorter = saga('small').startsOn(OrderPlaced, { version: 2, deadline: minutes(10), steps: [small(1).steps[0]!] });

const SAGAS = 30;
type Instance = ReturnType<typeof system.instance>;
const two = (): [Instance, Instance] => [system.instance(), system.instance()];
const told = (instances: readonly Instance[]) => Promise.all(instances.map((instance) => instance.told()));

/** What was sent, as a reader's inbox lets it through: one of two that speak of a key may send again what the other has just sent. */
const heard = (): WireMessage[] =>
  [...new Map([...system.sent].reverse().map((command) => [command.headers['ce_id'], command])).values()].reverse();

/** How often each command was sent, as `{ type: times }`. */
function asks(commands: readonly WireMessage[] = heard()): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { headers } of commands) times[headers['ce_type'] ?? ''] = (times[headers['ce_type'] ?? ''] ?? 0) + 1;
  return times;
}
const sentFor = (key: string): WireMessage[] => heard().filter((command) => command.key === key);
function last(key: string): WireMessage {
  const command = sentFor(key).at(-1);
  if (!command) throw new Error(`nothing was sent for ${key}`);
  return command;
}

async function started(instance: Instance, count = 1) {
  const orders = Array.from({ length: count }, () => placed());
  await instance.hear(...orders);
  await instance.told();
  return orders;
}

describe('two orchestrators', () => {
  it('that hear of the same orders begin each saga once', async () => {
    const both = two();
    const orders = Array.from({ length: SAGAS }, () => placed());
    await Promise.all(both.map(({ hear }) => hear(...orders)));
    await told(both);
    expect(asks()).toEqual({ ReserveStock: SAGAS });
    expect(new Set(system.sent.map(({ key }) => key)).size).toBe(SAGAS);
  });

  it('that hear of one order in two messages begin one saga', async () => {
    const both = two();
    const order = placed();
    await Promise.all(both.map(({ hear }) => hear({ ...order, id: newId() })));
    await told(both);
    expect(asks()).toEqual({ ReserveStock: 1 });
    expect(system.ignored).toContain('already_started');
  });

  it('that fire the same timers ask each command once more, with the same command id in a new message', async () => {
    const both = two();
    await started(both[0], SAGAS);
    system.clock.now = NOON + seconds(60);
    const fired = await Promise.all(both.map(({ timers }) => timers.fireDue()));
    await told(both);
    expect(fired.reduce((sum, moved) => sum + moved, 0)).toBe(SAGAS);
    expect(asks()).toEqual({ ReserveStock: 2 * SAGAS });
    for (const [first, second] of [...new Set(system.sent.map(({ key }) => key))].map(sentFor)) {
      expect(second?.headers['ce_commandid']).toBe(first?.headers['ce_commandid']);
      expect(second?.headers['ce_id']).not.toBe(first?.headers['ce_id']);
    }
  });

  it('one of which hears the answer while the other fires the timer go on once', async () => {
    const both = two();
    const orders = await started(both[0], SAGAS);
    system.clock.now = NOON + seconds(60);
    const answers = orders.map(({ subject }) => reserved(last(subject)));
    await Promise.all([both[0].hear(...answers), both[1].timers.fireDue(), both[1].hear(...answers)]);
    await told(both);
    expect(asks()['ConfirmOrder']).toBe(SAGAS);
    // Where the timer came first the command was asked again; it never goes back after the answer.
    expect(asks()['ReserveStock']).toBeLessThanOrEqual(2 * SAGAS);
    for (const { subject } of orders) expect(last(subject).headers['ce_type']).toBe(ConfirmOrder.name);
  });

  it('that fire the deadline and hear the answer at the same time take one way only', async () => {
    const both = two();
    const orders = await started(both[0], SAGAS);
    system.clock.now = NOON + minutes(10);
    const answers = orders.map(({ subject }) => reserved(last(subject)));
    await Promise.all([both[0].timers.fireDue(), both[1].hear(...answers)]);
    await told(both);
    for (const { subject } of orders) {
      const types = new Set(sentFor(subject).map(({ headers }) => headers['ce_type']));
      expect([types.has(ConfirmOrder.name), types.has(ReleaseStock.name)].filter(Boolean)).toHaveLength(1);
    }
  });

  it('bring every saga to its end, each step once, when all they hear comes twice', async () => {
    const both = two();
    const orders = Array.from({ length: SAGAS }, () => placed());
    await Promise.all(both.map(({ hear }) => hear(...orders)));
    await told(both);
    for (const answerTo of [reserved, confirmed]) {
      const answers = orders.map(({ subject }) => answerTo(last(subject)));
      await Promise.all(both.map(({ hear }) => hear(...answers)));
      await told(both);
    }
    expect(asks()).toEqual({ ReserveStock: SAGAS, ConfirmOrder: SAGAS });
    expect((await both[0].store.list({ status: 'COMPLETED', limit: 100 })).sagas).toHaveLength(SAGAS);
    expect(await both[0].store.dueSagas(NOON + minutes(60), 10)).toEqual([]);
  });
});

describe('an answer that is not awaited', () => {
  it.each([
    ['comes twice, in two messages', 'not_awaited'],
    ['answers another command', 'not_awaited'],
    ['answers nothing at all', 'not_awaited'],
    ['is for a saga that does not exist', undefined],
    ['comes when the saga has ended', 'ended'],
  ] as const)('because it %s changes nothing', async (why, reason) => {
    const one = system.instance();
    const [order] = await started(one);
    const subject = order?.subject ?? '';
    const reserve = last(subject);
    await one.hear(reserved(reserve));
    await one.told();
    if (why === 'comes when the saga has ended') {
      await one.hear(confirmed(last(subject)));
      await one.told();
    }
    const id = sagaIdFor(small(1), subject);
    const before = [await one.store.load(id), system.sent.length];
    const strays = {
      'comes twice, in two messages': reserved(reserve),
      'answers another command': { ...confirmed(last(subject)), commandId: newId() },
      'answers nothing at all': { ...reserved(reserve), commandId: undefined },
      'is for a saga that does not exist': { ...reserved(reserve), sagaId: newId() },
      'comes when the saga has ended': confirmed(last(subject)),
    };
    await one.hear(strays[why]);
    await one.told();
    expect([await one.store.load(id), system.sent.length]).toEqual(before);
    expect(system.ignored).toEqual(reason ? [reason] : []);
  });

  it('because it is an event of no saga of ours is none of our business', async () => {
    const one = system.instance();
    await one.hear(
      aMessage(StockReserved, { orderId: newId(), items: [] }, { sagaId: undefined, commandId: undefined }),
    );
    expect(await one.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
  });
});

describe('a command', () => {
  it('carries its saga, its id, what caused it and the trace, and only what its schema knows', async () => {
    const one = system.instance();
    const [order] = await started(one);
    if (!order) throw new Error('nothing was placed');
    const reserve = last(order.subject);
    expect(reserve).toMatchObject({ topic: 'inventory.commands', key: order.subject });
    expect(reserve.headers).toMatchObject({
      ce_type: ReserveStock.name,
      ce_source: 'orchestrator',
      ce_sagaid: sagaIdFor(small(1), order.subject),
      ce_commandid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ce_causationid: order.id,
      traceparent: TRACE,
    });
    const items = order.data.items.map(({ sku, quantity }) => ({ sku, quantity }));
    expect(JSON.parse(reserve.value)).toEqual({ orderId: order.subject, items });

    const yes = reserved(reserve);
    await one.hear(yes);
    await one.told();
    const confirm = last(order.subject);
    expect(confirm.headers).toMatchObject({ ce_type: ConfirmOrder.name, ce_causationid: yes.id, traceparent: TRACE });
    expect(confirm.headers['ce_commandid']).not.toBe(reserve.headers['ce_commandid']);
  });

  it('that a timer sends belongs to the trace of the order too', async () => {
    const one = system.instance();
    const [order] = await started(one);
    system.clock.now = NOON + seconds(60);
    await one.timers.fireDue();
    await one.told();
    expect(sentFor(order?.subject ?? '')).toHaveLength(2);
    expect(last(order?.subject ?? '').headers).toMatchObject({
      traceparent: TRACE,
      ce_sagaid: system.sagaOf(order ?? placed()),
    });
  });
});

describe('a timer', () => {
  it('is not fired before it is due, and fired once when it is', async () => {
    const one = system.instance();
    await started(one);
    system.clock.now = NOON + seconds(10) - 1;
    expect(await one.timers.fireDue()).toBe(0);
    system.clock.now = NOON + seconds(60);
    expect(await one.timers.fireDue()).toBe(1);
    expect(await one.timers.fireDue()).toBe(0);
  });

  it('of a saga whose definition is gone is told, and the others are fired all the same', async () => {
    const one = system.instance();
    await started(one, 2);
    const [lost] = await started(system.instance([small(7)]), 1);
    system.clock.now = NOON + seconds(60);
    await expect(one.timers.fireDue()).rejects.toThrow(UnknownSagaVersionError);
    await one.told();
    expect(asks()).toEqual({ ReserveStock: 5 });
    expect(system.failed).toMatchObject([{ sagaId: system.sagaOf(lost ?? placed()) }]);
  });

  it('rings early when its saga has moved on, asks nothing then, and is set for when something is due', async () => {
    const one = system.instance();
    const [order] = await started(one);
    const sagaId = system.sagaOf(order ?? placed());
    const [set] = await one.store.dueSagas(NOON + minutes(1), 10);
    system.clock.now = NOON + seconds(9);
    await one.hear(reserved(last(order?.subject ?? '')));
    await one.told();
    // Moving on has left it as it was: no index is touched.
    expect(await one.store.dueSagas(NOON + minutes(1), 10)).toEqual([set]);
    const sent = system.sent.length;
    system.clock.now = NOON + seconds(12);
    expect(await one.timers.fireDue()).toBe(0);
    await one.told();
    expect(system.sent).toHaveLength(sent);
    const { awaiting } = (await one.store.load(sagaId))?.instance as { awaiting: { dueAt: number } };
    expect(awaiting.dueAt).toBeGreaterThan(system.clock.now);
    expect(await one.store.dueSagas(NOON + minutes(60), 10)).toEqual([{ sagaId, wakeAt: awaiting.dueAt }]);
    system.clock.now = awaiting.dueAt;
    expect(await one.timers.fireDue()).toBe(1);
  });

  it('that always fails is put off: more of them than a turn takes do not keep the others from being fired', async () => {
    const [one, older] = [system.instance(), system.instance([small(7)])];
    await started(older, TIMERS_MAX);
    system.clock.now = NOON + seconds(5);
    await started(one, 3);
    system.sent.length = 0;
    system.clock.now = NOON + seconds(60);
    await expect(one.timers.fireDue()).rejects.toThrow(UnknownSagaVersionError);
    expect(await one.timers.fireDue()).toBe(3);
    expect(await one.timers.fireDue()).toBe(0);
    await one.told();
    expect(asks()).toEqual({ ReserveStock: 3 });
    const { rows } = await system.database.pool.query(
      'SELECT failures, count(*)::int AS sagas FROM saga_instance WHERE failures > 0 GROUP BY 1',
    );
    expect(rows).toEqual([{ failures: 1, sagas: TIMERS_MAX }]);

    // The version is deployed again: they are fired where they stood.
    system.clock.now = NOON + seconds(120);
    const healed = system.instance([small(1), small(7)]);
    let fired = 0;
    for (let turn = 0; turn < 3; turn += 1) fired += await healed.timers.fireDue();
    expect(fired).toBe(TIMERS_MAX + 3);
  });
});

describe('when a new version of the definition is deployed', () => {
  it('an order that is announced again leaves its saga alone, and it finishes on the version it began with', async () => {
    const [order] = await started(system.instance());
    if (!order) throw new Error('nothing was placed');
    const upgraded = system.instance([small(1), small(2)]);
    await upgraded.hear({ ...order, id: newId() });
    expect(await upgraded.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    expect(system.ignored).toEqual(['already_started']);
    await upgraded.hear(reserved(last(order.subject)));
    await upgraded.told();
    await upgraded.hear(confirmed(last(order.subject)));
    expect(await upgraded.store.load(system.sagaOf(order))).toMatchObject({
      instance: { status: 'COMPLETED', definitionVersion: 1 },
    });
  });

  it('a saga goes on by the steps of its own version, also where the new one has others', async () => {
    const [order] = await started(system.instance());
    if (!order) throw new Error('nothing was placed');
    const upgraded = system.instance([small(1), shorter]);
    const [young] = await started(upgraded);
    if (!young) throw new Error('nothing was placed');
    await upgraded.hear(reserved(last(order.subject)), reserved(last(young.subject)));
    await upgraded.told();
    expect(last(order.subject).headers['ce_type']).toBe(ConfirmOrder.name);
    expect(last(young.subject).headers['ce_type']).toBe(ReserveStock.name);
    const statuses = await Promise.all([order, young].map((one) => upgraded.store.load(system.sagaOf(one))));
    expect(statuses.map((found) => found?.instance.status)).toEqual(['RUNNING', 'COMPLETED']);
    await upgraded.hear(confirmed(last(order.subject)));
    expect((await upgraded.store.load(system.sagaOf(order)))?.instance.status).toBe('COMPLETED');
  });

  it('and the old one is gone too early, its sagas are counted, their answers passed over, and all go on when it is back', async () => {
    const [order] = await started(system.instance());
    if (!order) throw new Error('nothing was placed');
    const hasty = system.instance([shorter]);
    await hasty.hear(reserved(last(order.subject)));
    expect(system.ignored).toEqual(['unknown_definition']);
    expect(await hasty.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    expect(await hasty.store.countUnended()).toEqual([
      { name: 'small', definitionVersion: 1, status: 'RUNNING', count: 1 },
    ]);
    system.clock.now = NOON + seconds(60);
    const mended = system.instance([small(1), shorter]);
    expect(await mended.timers.fireDue()).toBe(1);
    await mended.told();
    expect(asks()).toEqual({ ReserveStock: 2 });
    await mended.hear(reserved(last(order.subject)));
    await mended.told();
    await mended.hear(confirmed(last(order.subject)));
    expect((await mended.store.load(system.sagaOf(order)))?.instance.status).toBe('COMPLETED');
  });

  it('and its saga is answered to an orchestrator of before, the answer is passed over and asked for again', async () => {
    const [older, newer] = [system.instance([small(1)]), system.instance([small(1), shorter])];
    const [young] = await started(newer);
    if (!young) throw new Error('nothing was placed');
    await older.hear(reserved(last(young.subject)));
    expect(system.ignored).toEqual(['unknown_definition']);
    expect(await older.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    system.clock.now = NOON + seconds(60);
    expect(await newer.timers.fireDue()).toBe(1);
    await newer.told();
    await newer.hear(reserved(last(young.subject)));
    expect((await newer.store.load(system.sagaOf(young)))?.instance.status).toBe('COMPLETED');
  });

  it('a saga of each version ends by the versions of the messages that it knows', async () => {
    const data = { version: 2, key: 'orderId', summary: '' } as const;
    const OrderPlacedV2 = event('order', 'OrderPlaced', { ...data, data: OrderPlaced.schema });
    const ReserveStockV2 = command('inventory', 'ReserveStock', { ...data, data: ReserveStock.schema });
    const StockReservedV2 = event('inventory', 'StockReserved', { ...data, data: StockReserved.schema });
    const renewed = saga('small').startsOn(OrderPlacedV2, {
      version: 2,
      deadline: minutes(10),
      steps: [
        compensatable('reserve', {
          ...{ send: ReserveStockV2, done: StockReservedV2, undo: ReleaseStock, undone: StockReleased },
          timeout: seconds(10),
        }),
        retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed }),
      ],
    });
    const instance = system.instance([small(1), renewed]);
    const [before] = await started(instance);
    const after = aMessage(OrderPlacedV2, anOrder(), { sagaId: undefined, commandId: undefined });
    await instance.hear(after);
    await instance.told();
    if (!before) throw new Error('nothing was placed');
    const asked = [before, after].map(({ subject }) => last(subject));
    expect(asked.map(({ headers }) => versionOf(headers))).toEqual([1, 2]);
    const [first, second] = asked as [WireMessage, WireMessage];
    await instance.hear(reserved(first), answer(second, StockReservedV2, { orderId: second.key, items: [] }));
    await instance.told();
    await instance.hear(...[before, after].map(({ subject }) => confirmed(last(subject))));
    const ends = await Promise.all([before, after].map((order) => instance.store.load(system.sagaOf(order))));
    expect(ends.map((found) => found?.instance)).toMatchObject([
      { status: 'COMPLETED', definitionVersion: 1 },
      { status: 'COMPLETED', definitionVersion: 2 },
    ]);
  });

  it('a new order begins on it', async () => {
    const upgraded = system.instance([small(1), small(2)]);
    const [order] = await started(upgraded);
    expect(await upgraded.store.load(system.sagaOf(order ?? placed()))).toMatchObject({
      instance: { definitionVersion: 2 },
    });
  });
});
