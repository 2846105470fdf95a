import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrderMessage } from '../api/types.js';
import { chainOf } from './chain.js';
import { lanesOf, type LaneMessage } from './model.js';
import { BEGAN, DONE_PIVOT, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA } from './records.fixture.spec.js';
import { sentenceOf } from './sentence.js';

/**
 * Goal: the lanes show each message once, after its cause, with what it means, however its records arrive.
 * Method: an order that the carrier refuses, whose thirteen messages lie in Kafka twice.
 */
const lanes = lanesOf([...REFUSED, ...REPEATED], [REFUSED_SAGA]);
const named = (type: string, of = lanes): LaneMessage => {
  const found = of.messages.find((message) => message.type === type);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
};

describe('records of one message', () => {
  it('thirteen messages that lie there twice are thirteen messages, each with one repetition', () => {
    expect(lanes.messages).toHaveLength(13);
    expect(lanes.repeatedRecords).toBe(13);
    expect(named('ReserveStock').landing.offset).toBe('32');
    expect(named('ReserveStock').repeated.map(({ offset }) => offset)).toEqual(['52']);
  });

  it('records without an id are messages of their own', () => {
    const bare = recordOf(2, { headers: {} });
    const twice = lanesOf([bare, { ...bare, offset: '99' }], null);
    expect(twice.messages.map(({ type, kind }) => [type, kind])).toEqual([
      ['(not a CloudEvent)', 'unreadable'],
      ['(not a CloudEvent)', 'unreadable'],
    ]);
  });

  it('offsets beyond what a number holds are compared as they are', () => {
    const [low, high] = ['9007199254740992', '9007199254740993'];
    const { messages } = lanesOf([recordOf(2, { offset: high }), recordOf(2, { offset: low })], null);
    expect(messages.map(({ landing, repeated }) => [landing.offset, repeated[0]?.offset])).toEqual([[low, high]]);
  });
});

describe('the order of messages', () => {
  it('a message follows its cause, although the clock of its sender is behind', () => {
    const early = recordOf(3);
    const behind = { ...early, headers: { ...early.headers, ce_time: new Date(BEGAN - 5_000).toISOString() } };
    const { messages } = lanesOf([behind, recordOf(2), recordOf(1)], null);
    expect(messages.map(({ type }) => type)).toEqual(['OrderPlaced', 'ReserveStock', 'StockReserved']);
  });

  it('messages that claim to cause each other are shown all the same', () => {
    const circle = [recordOf(2), recordOf(3)] as const;
    const [a, b] = circle.map(({ headers }) => headers['ce_id'] ?? '');
    const records = [
      { ...circle[0], headers: { ...circle[0].headers, ce_causationid: b ?? '' } },
      { ...circle[1], headers: { ...circle[1].headers, ce_causationid: a ?? '' } },
    ];
    const { messages } = lanesOf(records, null);
    expect(messages).toHaveLength(2);
    expect([...chainOf([a ?? ''], messages)].sort()).toEqual([a, b]);
  });

  it('whatever the order and the repetitions in which records arrive, the lanes are the same', () => {
    const all: readonly OrderMessage[] = [...REFUSED, ...REPEATED];
    const arrivals = fc
      .tuple(
        fc.shuffledSubarray([...all], { minLength: all.length }),
        fc.array(fc.constantFrom(...all), { maxLength: 20 }),
      )
      .chain(([once, again]) => fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length }));
    fc.assert(fc.property(arrivals, (records) => expect(lanesOf(records, [REFUSED_SAGA])).toEqual(lanes)));
  });

  it('as records arrive one by one, no message that is shown goes away', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...REFUSED], { minLength: REFUSED.length }), (records) => {
        let before = new Set<string>();
        for (let count = 1; count <= records.length; count += 1) {
          const now = new Set(lanesOf(records.slice(0, count), [REFUSED_SAGA]).messages.map(({ key }) => key));
          expect([...before].filter((key) => !now.has(key))).toEqual([]);
          before = now;
        }
      }),
    );
  });
});

describe('what a message means', () => {
  it('commands and answers are told apart by the steps of the saga, and compensations name what they take back', () => {
    expect(
      lanes.messages.map(({ type, meaning, exchange }) => `${type} ${meaning} ${exchange?.step ?? ''}`.trim()),
    ).toEqual([
      'OrderPlaced told',
      'ReserveStock answered reserve-stock',
      'StockReserved done reserve-stock',
      'ChargePayment answered charge-payment',
      'PaymentCharged done charge-payment',
      'CreateShipment answered create-shipment',
      'ShipmentRefused refused create-shipment',
      'RefundPayment undoing charge-payment',
      'PaymentRefunded undone charge-payment',
      'ReleaseStock undoing reserve-stock',
      'StockReleased undone reserve-stock',
      'RejectOrder answered reject-order',
      'OrderRejected done reject-order',
    ]);
    expect(named('RefundPayment').undoes).toBe(named('ChargePayment').key);
    expect(named('ReleaseStock').undoes).toBe(named('ReserveStock').key);
  });

  it('without the orchestrator no message is called a compensation', () => {
    const unknown = lanesOf(REFUSED, null);
    expect(
      unknown.messages.filter(({ meaning }) => ['undoing', 'undone', 'done', 'refused'].includes(meaning)),
    ).toEqual([]);
  });

  it('a command that is sent again is one command: each sending has its number', () => {
    const second = recordOf(4, { offset: '60', timestamp: new Date(BEGAN + 100).toISOString() });
    const again = {
      ...second,
      headers: { ...second.headers, ce_id: 'another', ce_time: new Date(BEGAN + 97).toISOString() },
    };
    const { messages } = lanesOf([...REFUSED, again], [REFUSED_SAGA]);
    const sendings = messages.filter(({ type }) => type === 'ChargePayment');
    expect(sendings.map(({ attempt }) => attempt)).toEqual([
      { number: 1, of: 2 },
      { number: 2, of: 2 },
    ]);
    expect(named('RefundPayment', lanesOf([...REFUSED, again], [REFUSED_SAGA])).exchange?.direction).toBe('undo');
  });

  it('the first messages of an order that has just begun have the steps that were sent so far', () => {
    const { messages } = lanesOf(REFUSED.slice(0, 4), [REFUSED_SAGA]);
    expect(messages.map(({ exchange }) => exchange?.step)).toEqual([
      ...[undefined, 'reserve-stock', 'reserve-stock', 'charge-payment'],
    ]);
    expect(messages.at(-1)?.meaning).toBe('sent');
  });

  it('a pivot that was done is a point of no return; one that was refused is none', () => {
    expect(lanes.pivots).toEqual([]);
    expect(lanesOf(REFUSED, [DONE_PIVOT]).pivots).toEqual([{ sagaId: SAGA, step: 'create-shipment', at: BEGAN + 245 }]);
  });
});

describe('where a message arrives', () => {
  it('a command ends at the service that it asks, when that has reacted', () => {
    expect(named('ChargePayment').to).toMatchObject([{ lane: 'payment', at: BEGAN + 180, how: 'reacted' }]);
  });

  it('each message leaves the lane of its sender', () => {
    expect(lanes.messages.map(({ from, to }) => `${from} → ${to.map(({ lane }) => lane).join()}`)).toEqual([
      'order → orchestrator',
      'orchestrator → inventory',
      'inventory → orchestrator',
      'orchestrator → payment',
      'payment → orchestrator',
      'orchestrator → shipment',
      'shipment → orchestrator',
      'orchestrator → payment',
      'payment → orchestrator',
      'orchestrator → inventory',
      'inventory → orchestrator',
      'orchestrator → order',
      'order → orchestrator',
    ]);
  });

  it('an event that nothing has followed ends at the orchestrator, and says that this is inferred', () => {
    expect(named('OrderRejected').to).toMatchObject([{ lane: 'orchestrator', at: BEGAN + 405, how: 'inferred' }]);
  });

  it('the lanes are the services, and whoever else has sent something stands between them and the orchestrator', () => {
    expect(lanes.lanes).toEqual(['order', 'inventory', 'payment', 'shipment', 'orchestrator']);
    const stranger = recordOf(1);
    const { lanes: names } = lanesOf([{ ...stranger, headers: { ...stranger.headers, ce_source: 'till' } }], null);
    expect(names).toEqual(['order', 'inventory', 'payment', 'shipment', 'till', 'orchestrator']);
  });
});

it('a message is spoken with who asked whom, its step, its position, how long it took and its repetitions', () => {
  expect(sentenceOf(named('RefundPayment'))).toBe(
    '8. orchestrator asked payment: RefundPayment, compensation of charge-payment, takes a step back, payment.commands/1@38, handled in 108 ms, 1 repeated',
  );
  expect(sentenceOf(named('OrderPlaced'))).toBe('1. order said: OrderPlaced, row v2, order.events/1@31, 1 repeated');
});
