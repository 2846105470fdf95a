import { expect, it } from '@jest/globals';
import { message, newId } from '@backstep/messages';
import { OrderPlaced, StockReserved } from '@backstep/contracts';
import { SagaDefinitionViews, SagaSummaryView, SagaView } from '@backstep/contracts/http';
import { decide, operate, type SagaInput, type SagaInstance } from '@backstep/saga';
import { definitionView, sagaSummary, sagaView } from '@backstep/saga/nest';
import { anOrder } from '@backstep/contracts/testing';
import { placeOrder } from './place-order.saga.js';
import { SAGAS } from '../sagas.js';

/** Goal: an operator sees where a saga stands and why; what it carries of the customer and the card stays inside. */
const NOON = Date.UTC(2030, 0, 1, 12);
const order = anOrder();

function move(instance: SagaInstance | undefined, input: SagaInput, now = NOON): SagaInstance {
  const decision = decide(placeOrder, instance, input, { now, newId, random: () => 0 });
  if (decision.ignored) throw new Error(decision.ignored);
  return decision.instance;
}
const begun = move(undefined, { kind: 'start', message: message(OrderPlaced, order, { source: 'order' }) });
const awaited = 'awaiting' in begun ? begun.awaiting : undefined;

it('the view of a running saga has its steps, and the command that it waits for', () => {
  const answer = message(
    StockReserved,
    { orderId: order.orderId, items: [] },
    { source: 'inventory', commandId: awaited?.commandId },
  );
  const reserved = move(begun, { kind: 'event', message: answer }, NOON + 1_500);
  const view = sagaView({ instance: reserved, version: 2 }, SAGAS);
  expect(view).toMatchObject({
    id: begun.id,
    type: 'place-order',
    subject: order.orderId,
    state: 'RUNNING',
    version: 2,
    failure: null,
    stuckBecause: null,
    createdAt: '2030-01-01T12:00:00.000Z',
    updatedAt: '2030-01-01T12:00:01.500Z',
    deadlineAt: '2030-01-01T12:10:00.000Z',
    awaiting: { step: 'charge-payment', direction: 'forward', since: '2030-01-01T12:00:01.500Z' },
  });
  expect(view.steps.map(({ name, state, answeredAt }) => [name, state, answeredAt])).toEqual([
    ['reserve-stock', 'done', '2030-01-01T12:00:01.500Z'],
    ['charge-payment', 'sent', null],
    ['create-shipment', 'pending', null],
    ['confirm-order', 'pending', null],
  ]);
});

it('a list says of each saga its steps, and since when it waits for one: not since its command was sent again', () => {
  const { deadlineAt } = begun;
  const dueAt = Number(awaited && 'dueAt' in awaited && awaited.dueAt);
  const again = move(begun, { kind: 'timer', name: 'step', dueAt }, dueAt);
  expect(sagaSummary({ instance: again, version: 2 }, SAGAS).awaiting).toMatchObject({
    attempts: 2,
    since: '2030-01-01T12:00:00.000Z',
  });
  const back = move(again, { kind: 'timer', name: 'deadline', dueAt: deadlineAt }, deadlineAt);
  const { awaiting, steps } = sagaSummary({ instance: back, version: 3 }, SAGAS);
  expect(awaiting).toMatchObject({ step: 'reserve-stock', direction: 'undo', since: '2030-01-01T12:10:00.000Z' });
  expect(steps).toEqual([
    { name: 'reserve-stock', kind: 'compensatable', state: 'undoing' },
    { name: 'charge-payment', kind: 'compensatable', state: 'skipped' },
    { name: 'create-shipment', kind: 'pivot', state: 'skipped' },
    { name: 'confirm-order', kind: 'retriable', state: 'skipped' },
    { name: 'reject-order', kind: 'retriable', state: 'pending' },
  ]);
});

it('the view of a compensating saga has its failure', () => {
  const { deadlineAt } = begun;
  const back = move(begun, { kind: 'timer', name: 'deadline', dueAt: deadlineAt }, deadlineAt);
  expect(sagaSummary({ instance: back, version: 2 }, SAGAS)).toMatchObject({
    state: 'COMPENSATING',
    failure: { code: 'timed_out' },
  });
  expect(sagaView({ instance: back, version: 2 }, SAGAS).steps[0]).toMatchObject({
    name: 'reserve-stock',
    state: 'undoing',
    undo: { attempts: 1, answeredAt: null },
  });
});

it('the view of a skipped step says skipped and by whom, and not undone', () => {
  const { deadlineAt } = begun;
  const back = move(begun, { kind: 'timer', name: 'deadline', dueAt: deadlineAt }, deadlineAt);
  if ('endedAt' in back) throw new Error('it has ended');
  const request = { action: 'skip', by: 'ada', reason: 'released by hand' } as const;
  const { instance } = operate(placeOrder, back, request, { now: deadlineAt + 5, newId, random: () => 0 });
  expect(sagaView({ instance, version: 3 }, SAGAS).steps[0]).toMatchObject({
    name: 'reserve-stock',
    state: 'skipped',
    skippedBy: null,
    undo: { skippedBy: 'ada', answeredAt: expect.any(String) },
  });
});

it('the view of a saga has exactly the members that the contract with the gateway declares', () => {
  const { deadlineAt } = begun;
  const back = move(begun, { kind: 'timer', name: 'deadline', dueAt: deadlineAt }, deadlineAt);
  if ('endedAt' in back) throw new Error('it has ended');
  const request = { action: 'abandon', by: 'ada', reason: 'nobody answers' } as const;
  const ended = operate(placeOrder, back, request, { now: deadlineAt + 5, newId, random: () => 0 }).instance;
  for (const instance of [begun, back, ended]) {
    const [summary, whole] = [sagaSummary({ instance, version: 1 }, SAGAS), sagaView({ instance, version: 1 }, SAGAS)];
    expect(SagaSummaryView.strict().parse(summary)).toEqual(summary);
    expect(SagaView.strict().parse(whole)).toEqual(whole);
  }
});

it('the views of the definitions have exactly the members that the contract with the gateway declares', () => {
  const items = SAGAS.definitions.map(definitionView);
  expect(SagaDefinitionViews.strict().parse({ items })).toEqual({ items });
  const [shown] = items;
  expect(shown).toMatchObject({ type: 'place-order', version: 1, startsOn: 'OrderPlaced', deadlineMs: 600_000 });
  expect(shown?.steps.map(({ name, kind, service, refused, undo }) => [name, kind, service, refused, undo])).toEqual([
    ['reserve-stock', 'compensatable', 'inventory', 'StockRejected', 'ReleaseStock'],
    ['charge-payment', 'compensatable', 'payment', 'PaymentDeclined', 'RefundPayment'],
    ['create-shipment', 'pivot', 'shipment', 'ShipmentRefused', null],
    ['confirm-order', 'retriable', 'order', null, null],
  ]);
  expect(shown?.whenUndone).toMatchObject({ name: 'reject-order', send: 'RejectOrder', done: 'OrderRejected' });
});

it('the view of a saga has no data of the customer or the card', () => {
  const shown = JSON.stringify([
    sagaSummary({ instance: begun, version: 1 }, SAGAS),
    sagaView({ instance: begun, version: 1 }, SAGAS),
  ]);
  for (const secret of [order.paymentMethod, order.shippingAddress.name, order.shippingAddress.line1])
    expect(shown).not.toContain(secret);
});
