import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { causalOrder, type LoggedMessage } from './causal-order.js';

/**
 * Goal: whoever reads an order's messages reads them as a story, each after what led to it, however the clocks were set.
 * Method: the situations of an order's life as examples; then generated logs, whose order is compared with its definition.
 */
interface Sketch {
  readonly topic: string;
  readonly offset: number;
  readonly at: number;
  readonly id: string;
  readonly cause?: string;
  readonly command?: string;
}

const placed = ({ topic, offset, at, id, cause, command }: Sketch): LoggedMessage & { readonly id: string } => ({
  id,
  topic,
  partition: 0,
  offset: String(offset),
  timestamp: at,
  headers: {
    ce_id: id,
    ...(cause !== undefined && { ce_causationid: cause }),
    ...(command !== undefined && { ce_commandid: command }),
  },
});
const order = (...sketches: Sketch[]): string =>
  causalOrder(sketches.map(placed))
    .map(({ id }) => id)
    .join(' ');

describe('the messages of an order', () => {
  it('messages of the same time are in causal order', () => {
    const told = order(
      { topic: 'inventory.events', offset: 4, at: 7, id: 'StockReserved', cause: 'ReserveStock', command: 'r' },
      { topic: 'payment.commands', offset: 2, at: 7, id: 'ChargePayment', cause: 'StockReserved', command: 'c' },
      { topic: 'inventory.commands', offset: 9, at: 7, id: 'ReserveStock', cause: 'OrderPlaced', command: 'r' },
      { topic: 'order.events', offset: 1, at: 7, id: 'OrderPlaced' },
    );
    expect(told).toBe('OrderPlaced ReserveStock StockReserved ChargePayment');
  });

  it('messages of a host whose clock is a minute late are in causal order', () => {
    const told = order(
      { topic: 'order.events', offset: 1, at: 100_000, id: 'OrderPlaced' },
      { topic: 'inventory.commands', offset: 1, at: 100_001, id: 'ReserveStock', cause: 'OrderPlaced', command: 'r' },
      { topic: 'inventory.events', offset: 1, at: 40_000, id: 'StockReserved', cause: 'ReserveStock', command: 'r' },
    );
    expect(told).toBe('OrderPlaced ReserveStock StockReserved');
  });

  it('an answer is shown after the first attempt, whichever attempt it answers', () => {
    const told = order(
      { topic: 'shipment.events', offset: 3, at: 5, id: 'ShipmentCreated', command: 's' },
      { topic: 'shipment.commands', offset: 1, at: 10, id: 'CreateShipment', command: 's' },
      { topic: 'shipment.commands', offset: 2, at: 20, id: 'CreateShipmentAgain', command: 's' },
    );
    expect(told).toBe('CreateShipment ShipmentCreated CreateShipmentAgain');
  });

  it('messages of a partition are in numerical order of their offsets', () => {
    const told = order(
      { topic: 'order.events', offset: 10, at: 1, id: 'tenth' },
      { topic: 'order.events', offset: 9, at: 1, id: 'ninth' },
    );
    expect(told).toBe('ninth tenth');
  });

  it('messages are all shown when a cause lies behind its effect, as after the loss of a disk', () => {
    const told = order(
      { topic: 'order.events', offset: 0, at: 1, id: 'OrderConfirmed', cause: 'ConfirmOrder' },
      { topic: 'order.events', offset: 1, at: 9, id: 'OrderPlaced' },
      { topic: 'order.commands', offset: 0, at: 5, id: 'ConfirmOrder', cause: 'OrderPlaced' },
    );
    expect(told).toBe('OrderConfirmed OrderPlaced ConfirmOrder');
  });

  it('messages without their cause are shown by time', () => {
    const told = order(
      { topic: 'b.events', offset: 0, at: 2, id: 'second', cause: 'forgotten by Kafka' },
      { topic: 'a.events', offset: 0, at: 1, id: 'first', cause: 'also forgotten' },
    );
    expect(told).toBe('first second');
  });
});

/** Logs as Kafka writes them: each message is appended to a topic after its cause, with a clock that says what it wants. */
const history = fc
  .array(
    fc.record({
      topic: fc.constantFrom('a.events', 'a.commands', 'b.events'),
      at: fc.nat(20),
      back: fc.nat(5),
      caused: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) =>
    steps.map(({ topic, at, back, caused }, index) => {
      const cause = index - 1 - back;
      const offset = steps.slice(0, index).filter((step) => step.topic === topic).length;
      return placed({ topic, offset, at, id: `m${index}`, ...(caused && cause >= 0 && { cause: `m${cause}` }) });
    }),
  );
const shuffledHistory = history.chain((messages) =>
  fc.tuple(
    fc.constant(messages),
    fc.shuffledSubarray(messages, { minLength: messages.length, maxLength: messages.length }),
  ),
);

describe('whatever happened', () => {
  it('every message is shown once, after its cause, and each partition in the order of its offsets', () => {
    fc.assert(
      fc.property(history, (messages) => {
        const told = causalOrder(messages);
        expect(new Set(told)).toEqual(new Set(messages));
        expect(told).toHaveLength(messages.length);
        const place = new Map(told.map((message, index) => [message.id, index]));
        for (const [index, message] of told.entries()) {
          expect(place.get(message.headers['ce_causationid'] ?? '') ?? -1).toBeLessThan(index);
        }
        for (const topic of new Set(told.map((message) => message.topic))) {
          const offsets = told.filter((message) => message.topic === topic).map(({ offset }) => Number(offset));
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('the causal order does not depend on the order or number of the given messages', () => {
    fc.assert(
      fc.property(shuffledHistory, ([messages, shuffled]) => {
        const told = causalOrder(messages);
        expect(causalOrder(shuffled)).toEqual(told);
        expect(causalOrder([...shuffled, ...messages])).toEqual(told);
      }),
    );
  });

  it('no message is lost or shown twice when causes contradict the logs', () => {
    const anything = fc.uniqueArray(
      fc.record({
        topic: fc.constantFrom('a.events', 'a.commands', 'b.events'),
        offset: fc.nat(9),
        at: fc.nat(9),
        id: fc.constantFrom('1', '2', '3', '4'),
        cause: fc.constantFrom('1', '2', '3', '4'),
        command: fc.constantFrom('x', 'y'),
      }),
      { maxLength: 20, selector: ({ topic, offset }) => `${topic}/${offset}` },
    );
    fc.assert(
      fc.property(anything, (sketches) => {
        const messages = sketches.map(placed);
        const told = causalOrder(messages);
        expect(told).toHaveLength(messages.length);
        expect(new Set(told)).toEqual(new Set(messages));
      }),
    );
  });
});
