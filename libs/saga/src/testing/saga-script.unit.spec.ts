import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import {
  OrderConfirmed,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  StockRejected,
  StockReleased,
  StockReserved,
  ConfirmOrder,
} from '@backstep/contracts';
import { compensatable, minutes, retriable, saga, seconds } from '../index.js';
import { given, sampleOf } from './index.js';

/** Goal: a script that a saga does not play fails, and its message tells the story and the difference. */
const tried = saga('tried', { failures: ['out_of_stock'] }).startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('reserve', {
      send: ReserveStock,
      done: StockReserved,
      refused: StockRejected,
      failure: ({ reason }) => ({ code: 'out_of_stock', message: reason }),
      undo: ReleaseStock,
      undone: StockReleased,
      timeout: seconds(1),
    }),
    retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed, retry: { attempts: 2 } }),
  ],
});
const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const items = [{ sku: 'MUG', quantity: 1, unitPrice: 100 }];
const anOrder = sampleOf(OrderPlaced, { orderId: newId(), currency: 'EUR', shippingAddress, items });
const script = () => given(tried).startedBy(anOrder);

describe('a script that is not played', () => {
  it.each<[string, () => unknown]>([
    [
      'tried: expected the command ReleaseStock, and ReserveStock was sent\n  started by OrderPlaced',
      () => script().expect(ReleaseStock),
    ],
    [
      'tried: ReserveStock: items.0.quantity is 1, not 2',
      () => script().expect(ReserveStock, { items: [{ sku: 'MUG', quantity: 2 }] }),
    ],
    ['tried: ReserveStock was sent, and the script does not expect it', () => script().timesOut()],
    ['tried: no command was expected yet', () => script().reply(StockReserved)],
    [
      'tried: it was ignored: not_an_answer\n  started by OrderPlaced\n  → ReserveStock\n  ← OrderConfirmed',
      () => script().expect(ReserveStock).reply(OrderConfirmed),
    ],
    ['tried: it counted, and should have been ignored', () => script().expect(ReserveStock).ignores(StockReserved)],
    ['tried: nothing was replied yet', () => script().replyAgain()],
    [
      'tried: expected the command ConfirmOrder, and nothing was sent',
      () => script().expect(ReserveStock).expect(ConfirmOrder),
    ],
    ['tried: expected it to be COMPLETED, and it is RUNNING', () => script().expect(ReserveStock).endsAs('COMPLETED')],
    [
      'tried: failure.code is "out_of_stock", not "timed_out"',
      () =>
        script()
          .expect(ReserveStock)
          .reply(StockRejected, { reason: 'out_of_stock' })
          .endsAs('COMPENSATED', { code: 'timed_out' }),
    ],
    [
      'tried: nothing is waited for',
      () =>
        script().expect(ReserveStock).reply(StockReserved).expect(ConfirmOrder).staysSilent().isNow('STUCK').timesOut(),
    ],
    [
      'tried: cannot retry a saga that is RUNNING: it still asks by itself',
      () => script().expect(ReserveStock).operator('retry'),
    ],
    ['OrderPlaced does not match its schema: total: ', () => given(tried).startedBy({ ...anOrder, total: -1 })],
  ])('says: %s', (says, act) => {
    expect(act).toThrow(says);
  });
});

describe('a sample', () => {
  it('is what was given, else what the sources have, else what the schema accepts', () => {
    expect(sampleOf(StockRejected, { reason: 'released_first' }, { orderId: anOrder.orderId })).toEqual({
      orderId: anOrder.orderId,
      reason: 'released_first',
      short: [],
    });
  });

  it('names what it cannot make up', () => {
    expect(() => sampleOf(OrderPlaced, {})).toThrow(/OrderPlaced does not match its schema: .*currency/);
  });
});
