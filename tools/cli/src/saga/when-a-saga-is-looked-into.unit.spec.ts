import { describe, expect, it } from '@jest/globals';
import { EXIT, UnreachableError } from '../shared/exit-codes.js';
import type { OrderMessage, SagaStep } from '../shared/representations.js';
import { timelineOf } from './evidence-timeline.js';
import type { Evidence } from './evidence.js';
import type { OperableSaga, OperationAnswer } from './operable-saga.js';
import { evidenceText } from './render-evidence.js';
import { operationText } from './render-operation.js';
import { sagaText } from './render-saga.js';
import { exitCodeOf, followSaga } from './follow-saga.js';
import { SagaLog } from './saga-log.js';

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
      rows: [{ table: 'payment_intent', key: 'o', version: 4, state: 'REFUND_REQUESTED pi_1, 9 attempts' }],
      timers: [],
      dropped: [{ id: 'id-of-ChargePayment', topic: 'payment.commands', partition: 2, offset: '9', at: NOON + 25 }],
      positions: [{ topic: 'payment.commands', partition: 2, committed: '10' }],
    },
    {
      ...{ service: 'orchestrator', inbox: [], outbox: [], parked: [], rows: [] },
      timers: [{ name: 'step', dueAt: NOON + 6_000, firesAt: NOON + 9_000, failures: 2 }],
      ...{ dropped: [], positions: [] },
    },
  ],
  missing: ['the database of shipment (it does not answer)'],
};

describe('the timeline', () => {
  it('the timeline has all that carries a time, in order, each with its source', () => {
    expect(
      timelineOf(evidence).map(({ at: when, source, service, what }) => [when - NOON, source, service, what]),
    ).toEqual([
      [0, 'journal', 'orchestrator', 'place-order began'],
      [10, 'journal', 'orchestrator', 'charge-payment sent'],
      [12, 'kafka', 'orchestrator', 'ChargePayment'],
      [20, 'inbox', 'payment', 'ChargePayment handled'],
      [25, 'dropped', 'payment', 'ChargePayment dropped, as it was known'],
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

  it('the timeline of the second saga of an order begins with its start event', () => {
    const of = (sagaId: string | undefined, cause: string | undefined, message: OrderMessage): OrderMessage => ({
      ...message,
      headers: {
        ...message.headers,
        ...(sagaId === undefined ? {} : { ce_sagaid: sagaId }),
        ...(cause === undefined ? {} : { ce_causationid: cause }),
      },
    });
    const second = { ...evidence, saga: { ...saga, id: 's2', type: 'redeem-points', steps: [], operations: [] } };
    const messages = [
      of(undefined, undefined, said('OrderPlaced', 'order', 'order.events@0', -5_000)),
      of('s', undefined, said('ConfirmOrder', 'orchestrator', 'order.commands@1', -300)),
      of('s', 'id-of-ConfirmOrder', said('OrderConfirmed', 'order', 'order.events@1', -20)),
      of('s2', 'id-of-OrderConfirmed', said('ReservePoints', 'orchestrator', 'loyalty.commands@1', 8)),
    ];
    const databases = evidence.databases.map((database) => ({
      ...database,
      parked: database.parked.map((row) => ({ ...row, parkedAt: NOON - 4_000 })),
      inbox: [{ id: 'id-of-ConfirmOrder', receivedAt: NOON - 290 }],
      outbox: [],
      timers: [],
    }));
    const text = evidenceText({ ...second, messages, databases, missing: [] });
    const lines = text.split('\n').map((line) => line.trim().split(/ {2,}/).slice(0, 4).join(' '));
    expect(lines.slice(1, 5)).toEqual([
      'before parked payment RefundPayment poisoned',
      '+0 ms kafka order OrderConfirmed',
      '+20 ms journal orchestrator redeem-points began',
      '+28 ms kafka orchestrator ReservePoints',
    ]);
    expect(text).toContain('Not shown: 2 messages of its order that are not of this saga');
    expect(text).not.toMatch(/^ *-/m);
  });

  it('the timeline shows a step that was done by hand as skipped', () => {
    const undo = { attempts: 9, sentAt: at(60), answeredAt: at(90), skippedBy: 'ada' };
    const steps = [step('charge-payment', 'skipped', { sentAt: at(10), answeredAt: at(40), undo })];
    const lines = timelineOf({ ...evidence, saga: { ...saga, steps } }).map(({ what }) => what);
    expect(lines).toContain('charge-payment skipped by ada, not undone');
  });

  it('the timeline has places, ids, reasons and failures; rows come below, and what was unreachable last', () => {
    const text = evidenceText(evidence);
    for (const words of [
      'payment.commands/2@7 id id-of-ChargePayment',
      'handler_failed, payment.commands/2@8 id m8',
      'STUCK at charge-payment: INC-42',
      'failed 2 times, due 2026-03-01T12:00:06.000Z',
      'payment_intent o',
      'REFUND_REQUESTED pi_1, 9 attempts',
    ])
      expect(text).toContain(words);
    expect(text.endsWith('Not shown: the database of shipment (it does not answer)')).toBe(true);
  });

  it('the timeline is the journal alone when only the gateway can be reached', () => {
    const text = evidenceText({ saga, messages: [], databases: [], missing: ['the rest'] });
    expect(text).toContain('create-shipment refused');
    expect(text).not.toContain('Version');
  });
});

describe('the saga', () => {
  it('a saga shows its legal actions and its version', () => {
    const text = sagaText(saga);
    expect(text).toMatch(/Version +108/);
    expect(text).toContain('may retry, skip, abandon it');
    expect(text).toContain('STUCK: RefundPayment was sent 100 times and never answered');
  });

  it('a saga shows what blocks it, and which steps were abandoned', () => {
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

  it('a repair shows each command whole, and that a dry run wrote nothing', () => {
    const text = operationText(answer);
    expect(text).toContain(
      'Dry run: retry would take it from STUCK to COMPENSATING, waiting for charge-payment (undo).',
    );
    for (const words of [/Sends +RefundPayment/, /Topic +payment.commands/, /Id +m1/, /Data +{"orderId":"o"}/])
      expect(text).toMatch(words);
    expect(text).toContain('Nothing was done.');
  });

  it('a repair that sends nothing says so', () => {
    const text = operationText({ ...answer, action: 'abandon', dryRun: false, commands: [] });
    expect(text).toContain('abandon: it went from STUCK');
    expect(text).toContain('No command is sent.');
    expect(text).not.toContain('Nothing was done.');
  });
});

describe('a saga that is followed', () => {
  const running: OperableSaga = {
    ...{ ...saga, state: 'RUNNING', failure: null, stuckBecause: null, operations: [] },
    awaiting: { step: 'charge-payment', direction: 'forward', commandId: 'c', attempts: 1, dueAt: null },
    steps: [step('charge-payment', 'sent', { sentAt: at(10) })],
  };
  const completed: OperableSaga = {
    ...{ ...running, state: 'COMPLETED', awaiting: null },
    steps: [step('charge-payment', 'done', { sentAt: at(10), answeredAt: at(40) })],
  };
  async function followed(answers: readonly (OperableSaga | Error)[], signal = new AbortController().signal) {
    const told: string[] = [];
    const rest = [...answers];
    const read = () => {
      const next = rest.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    };
    for await (const one of followSaga(read, signal, 0)) told.push(one.state);
    return { told, rest };
  }

  it('a followed saga is shown at each move until it has ended', async () => {
    expect(await followed([running, running, completed, completed])).toEqual({
      ...{ told: ['RUNNING', 'COMPLETED'], rest: [completed] },
    });
  });

  it('a followed saga is followed on when the gateway was away; an unknown id is an error at once', async () => {
    const away = new UnreachableError('away');
    expect((await followed([running, away, away, completed])).told).toEqual(['RUNNING', 'COMPLETED']);
    await expect(followed([away])).rejects.toBe(away);
  });

  it('a followed saga shows each move and each state once', () => {
    const log = new SagaLog();
    expect(log.lines(running).map((line) => line.trim())).toEqual([
      '+0 ms  place-order began',
      '+10 ms  charge-payment sent  compensatable',
      '+5.00 s  RUNNING, waiting for charge-payment',
    ]);
    expect(log.lines(completed).map((line) => line.trim())).toEqual([
      '+40 ms  charge-payment done',
      '+5.00 s  COMPLETED',
    ]);
    expect(log.lines(completed)).toEqual([]);
  });

  it.each([
    ['COMPLETED', EXIT.ok],
    ['COMPENSATED', EXIT.failed],
    ['ABANDONED', EXIT.failed],
    ['STUCK', EXIT.stillPending],
  ])('the state %s has the exit code %i', (state, code) => expect(exitCodeOf({ state })).toBe(code));
});
