import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Evidence, ServiceEvidence } from '../api/types.js';
import { drawingOf } from './drawing.js';
import { knownOf } from './known.js';
import { lanesOf, type LaneMessage, type Lanes } from './model.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA } from './records.fixture.spec.js';
import { sentenceOf } from './sentence.js';

/**
 * Goal: an arrow ends where an inbox got the message; what was seen is told apart from what is inferred, and what has not come yet from both; a
 * service that does not answer is named. Method: the order that the carrier refuses, and what its services say of it.
 */
const at = (ms: number): string => new Date(BEGAN + ms).toISOString();
const idOf = (number: number): string => recordOf(number).headers['ce_id'] ?? '';
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  order: ['order.commands'],
  inventory: ['inventory.commands'],
  payment: ['payment.commands'],
  shipment: ['shipment.commands'],
  orchestrator: ['order.events', 'inventory.events', 'payment.events', 'shipment.events'],
};

/** A service that has read all of its topics, each message 5 ms after it was said, with what is otherwise. */
function said(service: ServiceEvidence['service'], change: Partial<ServiceEvidence> = {}): ServiceEvidence {
  const topics = TOPICS[service] ?? [];
  return {
    service,
    inbox: REFUSED.filter(({ topic }) => topics.includes(topic)).map(({ headers }) => ({
      messageId: headers['ce_id'] ?? '',
      receivedAt: new Date(Date.parse(headers['ce_time'] ?? '') + 5).toISOString(),
    })),
    ...{ dropped: [], outbox: [], parked: [], rows: [], timers: [], truncated: [] },
    group: { id: `backstep.${service}`, positions: topics.map((topic) => ({ topic, partition: 1, committed: '99' })) },
    ...change,
  };
}
const ALL = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] as const;
const lanesWith = (
  services: readonly ServiceEvidence[],
  missing: Evidence['missing'] = [],
  records = [...REFUSED, ...REPEATED],
): Lanes => lanesOf(records, [REFUSED_SAGA], knownOf({ services: [...services], missing: [...missing] }));
const everyService = (change: Partial<Record<(typeof ALL)[number], Partial<ServiceEvidence>>> = {}) =>
  ALL.map((service) => said(service, change[service]));
const named = (type: string, { messages }: Lanes): LaneMessage => {
  const found = messages.find((message) => message.type === type);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
};

describe('where a message arrives', () => {
  it('an arrow ends when the inbox of a service got the message, also where nothing has followed', () => {
    const lanes = lanesWith(everyService());
    expect(named('ChargePayment', lanes).to).toEqual([
      { lane: 'payment', at: BEGAN + 33, how: 'received', inboxAt: BEGAN + 33 },
    ]);
    expect(named('OrderRejected', lanes).to).toEqual([
      { lane: 'orchestrator', at: BEGAN + 407, how: 'received', inboxAt: BEGAN + 407 },
    ]);
    expect(sentenceOf(named('ChargePayment', lanes))).toContain('received in 5 ms');
  });

  it('an inbox that is written after what was said because of the message changes no order of cause and effect', () => {
    const inbox = said('payment').inbox.map((one) => ({ ...one, receivedAt: at(5_000) }));
    expect(named('ChargePayment', lanesWith(everyService({ payment: { inbox } }))).to).toEqual([
      { lane: 'payment', at: BEGAN + 180, how: 'received', inboxAt: BEGAN + 5_000 },
    ]);
  });

  it('every service whose inbox has an event is reached by it', () => {
    const inbox = [...said('shipment').inbox, { messageId: idOf(1), receivedAt: at(9) }];
    const { to } = named('OrderPlaced', lanesWith(everyService({ shipment: { inbox } })));
    expect(to.map(({ lane, how }) => `${lane} ${how}`)).toEqual(['orchestrator received', 'shipment received']);
  });

  it('a message that a group has not come to is not read yet', () => {
    const group = { id: 'backstep.payment', positions: [{ topic: 'payment.commands', partition: 1, committed: '34' }] };
    const lanes = lanesWith(everyService({ payment: { inbox: [], group } }), [], [...REFUSED.slice(0, 4)]);
    expect(named('ChargePayment', lanes).to).toMatchObject([{ lane: 'payment', at: BEGAN + 31, how: 'unread' }]);
  });

  it('a message that a service could not handle ends in a box there', () => {
    const parked = [
      ...[{ id: idOf(6), type: 'CreateShipment', state: 'poisoned' as const, cause: 'handler_failed' }].map((one) => ({
        ...one,
        ...{ topic: 'shipment.commands', partition: 1, offset: '36', parkedAt: at(195) },
      })),
    ];
    const lanes = lanesWith(everyService({ shipment: { parked } }));
    expect(named('CreateShipment', lanes).to).toMatchObject([{ lane: 'shipment', at: BEGAN + 195, how: 'parked' }]);
  });

  it('a service that does not answer is named, and what reached it is told by what it sent', () => {
    const silent = ALL.filter((service) => service !== 'payment').map((service) => said(service));
    const lanes = lanesWith(silent, [{ source: 'payment', what: 'its inbox' }]);
    expect(lanes.missing).toEqual(['payment']);
    expect(named('ChargePayment', lanes).to).toMatchObject([{ lane: 'payment', at: BEGAN + 180, how: 'reacted' }]);
    expect(drawingOf(lanes, { foldPauses: true, showRepeated: false }).lanes.filter((one) => one.isMissing)).toEqual([
      expect.objectContaining({ name: 'payment' }),
    ]);
  });

  it('an inbox whose clock is ahead of the sender’s receives nothing before it was said', () => {
    const inbox = said('payment').inbox.map((one) => ({ ...one, receivedAt: at(-5_000) }));
    for (const { to, saidAt } of lanesWith(everyService({ payment: { inbox } })).messages)
      for (const arrival of to) expect(arrival.at).toBeGreaterThanOrEqual(saidAt);
  });
});

describe('repeated records', () => {
  const repeated = (change: Partial<ServiceEvidence>) =>
    named('ChargePayment', lanesWith(everyService({ payment: change }))).repeated.flatMap(({ drops }) => drops);

  it('a record that a service saw itself drop is observed', () => {
    const dropped = [{ messageId: idOf(4), topic: 'payment.commands', partition: 1, offset: '54', at: at(2_031) }];
    expect(repeated({ dropped })).toEqual([{ lane: 'payment', how: 'observed' }]);
  });

  it('one that its group is past is dropped by inference, and one that it has not come to is not read yet', () => {
    expect(repeated({})).toEqual([{ lane: 'payment', how: 'inferred' }]);
    const positions = [{ topic: 'payment.commands', partition: 1, committed: '54' }];
    expect(repeated({ group: { id: 'backstep.payment', positions } })).toEqual([{ lane: 'payment', how: 'unread' }]);
  });
});

describe('what stands beside messages', () => {
  it('timers, what waits in an outbox and what operators did are marks on their lanes, in order', () => {
    const timers = [{ name: 'deadline', sagaId: SAGA, dueAt: at(600_000), wakeAt: at(600_000), failures: 0 }];
    const outbox = [
      { id: idOf(99), topic: 'order.events', type: 'OrderPlaced', createdAt: at(1) },
      { id: idOf(1), topic: 'order.events', type: 'OrderPlaced', createdAt: at(0) },
    ];
    const operated = {
      ...REFUSED_SAGA,
      operations: [
        {
          ...{
            action: 'retry' as const,
            by: 'ada',
            reason: 'the carrier is back',
            at: at(300),
            from: 'STUCK' as const,
          },
          ...{ step: 'create-shipment', direction: 'forward' as const },
          ...{ to: null, commandIds: null, requestId: null },
        },
      ],
    };
    const services = everyService({ orchestrator: { timers }, order: { outbox } });
    const { marks } = lanesOf(REFUSED, [operated], knownOf({ services, missing: [] }));
    expect(marks.map(({ lane, kind, label }) => `${lane} ${kind} ${label}`)).toEqual([
      // What is in Kafka waits no longer, although its row is still there.
      'order unsent OrderPlaced',
      'orchestrator operator retry, ada: the carrier is back',
      'orchestrator timer deadline',
    ]);
  });
});

it('whatever the order, repetition and lateness of what evidence and stream tell, the lanes are the same', () => {
  const services = everyService();
  const expected = lanesWith(services);
  const all = [...REFUSED, ...REPEATED];
  const arrivals = fc.tuple(
    fc.shuffledSubarray(all, { minLength: all.length }),
    // What the stream has told beside the evidence, some of it late and some of it twice.
    fc.array(fc.constantFrom(...all), { maxLength: 20 }),
    fc.shuffledSubarray([...services], { minLength: services.length }),
  );
  fc.assert(
    fc.property(arrivals, ([read, told, answered]) => {
      const { rows, ...lanes } = lanesWith(answered, [], [...read, ...told]);
      expect({ ...lanes, rows: new Map([...rows].sort()) }).toEqual({
        ...expected,
        rows: new Map([...expected.rows].sort()),
      });
    }),
  );
});
