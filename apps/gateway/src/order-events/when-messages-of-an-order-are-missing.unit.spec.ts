import { describe, expect, it } from '@jest/globals';
import { isWhole } from './whole.js';

/**
 * Goal: an order whose messages may begin earlier than was read is read from earlier on. Method: the messages of an order, of which each is
 * left out in turn.
 */
type Line = readonly [topic: string, type: string, cause?: string | undefined, command?: string];
const LINES: readonly Line[] = [
  ['order.events', 'OrderPlaced'],
  ['inventory.commands', 'ReserveStock', 'OrderPlaced', 'r'],
  ['inventory.events', 'StockReserved', 'ReserveStock', 'r'],
  ['payment.commands', 'ChargePayment', 'StockReserved', 'c'],
  ['payment.events', 'PaymentCharged', 'ChargePayment', 'c'],
  ['order.commands', 'ConfirmOrder', 'PaymentCharged', 'o'],
  ['order.events', 'OrderConfirmed', 'ConfirmOrder', 'o'],
];
const messageOf = ([topic, type, cause, command]: Line) => ({
  topic,
  headers: {
    ce_id: type,
    ce_type: type,
    ...(cause !== undefined && { ce_causationid: cause }),
    ...(command !== undefined && { ce_commandid: command }),
  },
});
const ORDER = LINES.map(messageOf);

describe('the messages of an order that has ended', () => {
  it('they are whole, in any order, and when some of them came twice', () => {
    expect(isWhole(ORDER)).toBe(true);
    expect(isWhole([...ORDER].reverse())).toBe(true);
    expect(isWhole([...ORDER, ...ORDER.slice(2)])).toBe(true);
  });

  it.each(LINES.map(([, type]) => type))('without %s they are not', (type) =>
    expect(isWhole(ORDER.filter(({ headers }) => headers.ce_type !== type))).toBe(false),
  );

  it('a command that was sent again, by a timer that no message caused, is answered by the answer to the first', () =>
    expect(isWhole([...ORDER, messageOf(['payment.commands', 'ChargePayment', undefined, 'c'])])).toBe(true));

  it('what a person asked for later has no cause among them, and needs none', () =>
    expect(isWhole([...ORDER, messageOf(['order.events', 'OrderCancellationRequested'])])).toBe(true));
});

describe('the messages of an order that is under way', () => {
  it.each([2, 4, 6])('after %i of them, of which the last asks for something, they are not whole', (count) =>
    expect(isWhole(ORDER.slice(0, count))).toBe(false),
  );

  it('without any nothing is known', () => expect(isWhole([])).toBe(false));
});
