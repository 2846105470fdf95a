import { describe, expect, it } from '@jest/globals';
import type { OrderMessage, SagaStep } from '../shared/representations.js';
import { timelineOf } from './evidence-timeline.js';
import type { Evidence } from './evidence.js';
import type { OperableSaga, OperationAnswer } from './operable-saga.js';
import { evidenceText } from './render-evidence.js';
import { operationText } from './render-operation.js';
import { sagaText } from './render-saga.js';

/** Goal: an operator sees in one timeline what the saga noted, what was said, who heard it and what is stored, and what a repair would do. */
const NOON = Date.UTC(2026, 2, 1, 12);
const at = (ms: number): string => new Date(NOON + ms).toISOString();
const step = (name: string, state: string, change: Partial<SagaStep> = {}): SagaStep => ({
  ...{ name, kind: 'compensatable', state, attempts: 1, sentAt: null, answeredAt: null, skippedBy: null, undo: null },
  ...change,
});

const saga: OperableSaga = {
  ...{ id: 's', type: 'place-order', definitionVersion: 1, orderId: 'o', state: 'STUCK', version: 108 },
  failure: { code: 'shipment_refused', message: 'no ships to Antarctica' },
  ...{ createdAt: at(0), updatedAt: at(5_000), deadlineAt: at(600_000), blockedBecause: null },
  stuckBecause: 'RefundPayment was sent 100 times and never answered',
  awaiting: { step: 'charge-payment', direction: 'undo', commandId: 'c', attempts: 100, dueAt: null },
  legalActions: ['retry', 'skip', 'abandon'],
  steps: [
    step('charge-payment', 'undoing', {
      ...{ sentAt: at(10), answeredAt: at(40) },
      undo: { attempts: 100, sentAt: at(60), answeredAt: null, skippedBy: null },
    }),
    step('create-shipment', 'refused', { kind: 'pivot', sentAt: at(40), answeredAt: at(60) }),
  ],
  operations: [
    {
      ...{ action: 'retry', by: 'ada', reason: 'INC-42', at: at(4_000), from: 'STUCK' },
      ...{ step: 'charge-payment', direction: 'undo' },
    },
  ],
};

const said = (type: string, source: string, place: string, ms: number): OrderMessage => {
  const [topic = '', offset = ''] = place.split('@');
  return {
    ...{ topic, partition: 2, offset, timestamp: at(ms), key: 'o', value: { orderId: 'o' } },
    headers: { ce_id: `id-of-${type}`, ce_type: type, ce_source: source },
  };
};

const evidence: Evidence = {
  saga,
  messages: [
    said('ChargePayment', 'orchestrator', 'payment.commands@7', 12),
    said('PaymentCharged', 'payment', 'payment.events@9', 38),
  ],
  databases: [
    {
      service: 'payment',
      inbox: [{ id: 'id-of-ChargePayment', receivedAt: NOON + 20 }],
      outbox: [{ id: 'm9', topic: 'payment.events', type: 'PaymentRefunded', createdAt: NOON + 4_500 }],
      parked: [
        {
          ...{ id: 'm8', type: 'RefundPayment', state: 'poisoned', cause: 'handler_failed' },
          ...{ topic: 'payment.commands', partition: 2, offset: '8', parkedAt: NOON + 70 },
        },
      ],
      rows: [{ table: 'payment_intent', key: 'o', version: 4, state: 'REFUND_REQUESTED pi_1, asked 9 times' }],
      timers: [],
    },
    {
      ...{ service: 'orchestrator', inbox: [], outbox: [], parked: [], rows: [] },
      timers: [{ name: 'step', dueAt: NOON + 6_000, wakeAt: NOON + 9_000, failures: 2 }],
    },
  ],
  missing: ['the database of shipment (it does not answer)'],
};

describe('the timeline', () => {
  it('has everything that carries a time, in its order, each marked with where it is from', () => {
    expect(
      timelineOf(evidence).map(({ at: when, source, service, what }) => [when - NOON, source, service, what]),
    ).toEqual([
      [0, 'journal', 'orchestrator', 'place-order began'],
      [10, 'journal', 'orchestrator', 'charge-payment sent'],
      [12, 'kafka', 'orchestrator', 'ChargePayment'],
      [20, 'inbox', 'payment', 'ChargePayment handled'],
      [38, 'kafka', 'payment', 'PaymentCharged'],
      [40, 'journal', 'orchestrator', 'charge-payment done'],
      [40, 'journal', 'orchestrator', 'create-shipment sent'],
      [60, 'journal', 'orchestrator', 'charge-payment being undone'],
      [60, 'journal', 'orchestrator', 'create-shipment refused'],
      [70, 'parked', 'payment', 'RefundPayment poisoned'],
      [4_000, 'operator', 'orchestrator', 'retry by ada'],
      [4_500, 'outbox', 'payment', 'PaymentRefunded not yet acknowledged by Kafka'],
      [9_000, 'timer', 'orchestrator', 'step timer'],
    ]);
  });

  it('tells what a person declared done by hand as skipped', () => {
    const undo = { attempts: 9, sentAt: at(60), answeredAt: at(90), skippedBy: 'ada' };
    const steps = [step('charge-payment', 'skipped', { sentAt: at(10), answeredAt: at(40), undo })];
    const lines = timelineOf({ ...evidence, saga: { ...saga, steps } }).map(({ what }) => what);
    expect(lines).toContain('charge-payment skipped by ada, not undone');
  });

  it('names places, ids, reasons and failures; rows stand below, and what could not be looked at last', () => {
    const text = evidenceText(evidence);
    for (const words of [
      'payment.commands/2@7 id id-of-ChargePayment',
      'handler_failed, payment.commands/2@8 id m8',
      'STUCK at charge-payment: INC-42',
      'failed 2 times, due 2026-03-01T12:00:06.000Z',
      'payment_intent o',
      'REFUND_REQUESTED pi_1, asked 9 times',
    ])
      expect(text).toContain(words);
    expect(text.endsWith('Not shown: the database of shipment (it does not answer)')).toBe(true);
  });

  it('is the journal alone when only the gateway can be asked', () => {
    const text = evidenceText({ saga, messages: [], databases: [], missing: ['the rest'] });
    expect(text).toContain('create-shipment refused');
    expect(text).not.toContain('Version');
  });
});

describe('the saga', () => {
  it('says what an operator may do to it, and at which version it is', () => {
    const text = sagaText(saga);
    expect(text).toMatch(/Version +108/);
    expect(text).toContain('may retry, skip, abandon it');
    expect(text).toContain('STUCK: RefundPayment was sent 100 times and never answered');
  });

  it('says what blocks it, and which steps were given up', () => {
    const steps = [
      step('reserve-stock', 'abandoned', { sentAt: at(1), answeredAt: at(2) }),
      step('charge-payment', 'abandoned', {
        sentAt: at(3),
        undo: { attempts: 9, sentAt: at(4), answeredAt: null, skippedBy: null },
      }),
    ];
    const text = sagaText({ ...saga, steps, blockedBecause: 'version 9 of place-order is not registered' });
    expect(text).toMatch(/Blocked +version 9/);
    expect(text).toMatch(/reserve-stock +done, abandoned/);
    expect(text).toMatch(/↶ charge-payment +abandoned/);
  });
});

describe('a repair', () => {
  const answer: OperationAnswer = {
    ...{ action: 'retry', dryRun: true, transition: { from: 'STUCK', to: 'COMPENSATING' } },
    commands: [
      {
        ...{ id: 'm1', type: 'RefundPayment', topic: 'payment.commands', key: 'o', commandId: 'c' },
        data: { orderId: 'o' },
      },
    ],
    saga,
  };

  it('shows each command whole, and that a dry run did nothing', () => {
    const text = operationText(answer);
    expect(text).toContain(
      'Dry run: retry would take it from STUCK to COMPENSATING, waiting for charge-payment (undo).',
    );
    for (const words of [/Sends +RefundPayment/, /Topic +payment.commands/, /Id +m1/, /Data +{"orderId":"o"}/])
      expect(text).toMatch(words);
    expect(text).toContain('Nothing was done.');
  });

  it('says so when it sends nothing', () => {
    const text = operationText({ ...answer, action: 'abandon', dryRun: false, commands: [] });
    expect(text).toContain('abandon: it went from STUCK');
    expect(text).toContain('No command is sent.');
    expect(text).not.toContain('Nothing was done.');
  });
});
