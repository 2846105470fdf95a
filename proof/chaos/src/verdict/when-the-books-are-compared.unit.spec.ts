import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import type { Poisoned } from '../faults/poison.js';
import type { OrderRequest } from '../load/mix.js';
import type { Attempt } from '../load/record.js';
import { totals, type Figures } from '../render.js';
import { compare, type Kept } from './compare.js';
import { tooQuiet, type Coverage } from './coverage.js';
import { countersIn } from './metrics.js';
import { compareParked, type ParkedRow } from './parked.js';

/** Goal: the verdict names each way in which what the customers remember and what was kept can differ, and nothing else. */
const KEY = 'k-1';
const ID = newId();

const request = (change: Partial<OrderRequest> = {}): OrderRequest => ({
  items: [{ sku: 'kettle', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: '1', city: 'Berlin', postalCode: '1', country: 'DE' },
  ...change,
});
const accepted = (change: Partial<Attempt> = {}): Attempt => ({
  request: request(),
  status: 202,
  replayed: false,
  orderId: ID,
  body: { id: ID, total: 1_000 },
  ...change,
});
const silence: Attempt = { request: request(), status: undefined, replayed: false };
const kept = (change: Partial<Kept> = {}): Kept => ({
  ends: new Map([[ID, 'CONFIRMED']]),
  keys: new Map([[KEY, ID]]),
  ...change,
});
const found = (attempts: readonly Attempt[], books = kept()) => compare(new Map([[KEY, attempts]]), books);

describe('the customers’ record and the books', () => {
  it('the customers’ record and the books agree when every 202 has its order, however often it was sent', () => {
    const again = accepted({ replayed: true, body: { total: 1_000, id: ID } });
    expect(found([silence, accepted(), again, { ...silence, status: 503 }])).toEqual([]);
  });

  it('an order ends CANCELLED only when its customer wanted it', () => {
    const books = kept({ ends: new Map([[ID, 'CANCELLED']]) });
    const attempts = new Map([[KEY, [accepted()]]]);
    expect(compare(attempts, books, new Set([ID]))).toEqual([]);
    expect(compare(attempts, books).join()).toContain('ended as CANCELLED');
  });

  it('the customers’ record and the books agree when the answer of a request was lost, accepted or not', () => {
    expect(found([silence])).toEqual([]);
    expect(found([silence], { ends: new Map(), keys: new Map() })).toEqual([]);
  });

  it.each<[string, Attempt[], Kept]>([
    ['there is no such order', [accepted()], kept({ ends: new Map() })],
    ['nothing is kept for it', [accepted()], kept({ keys: new Map() })],
    ['answered with 2 orders', [accepted(), accepted({ orderId: newId(), replayed: true })], kept()],
    ['answered differently', [accepted(), accepted({ replayed: true, body: { id: ID, total: 1 } })], kept()],
    ['answered twice as if it were new', [accepted(), accepted()], kept()],
    [
      'accepted with two bodies',
      [accepted(), accepted({ replayed: true, request: request({ items: [{ sku: 'kettle', quantity: 2 }] }) })],
      kept(),
    ],
    ['ended as payment_declined', [accepted()], kept({ ends: new Map([[ID, 'payment_declined']]) })],
    ['ended as PENDING', [accepted()], kept({ ends: new Map([[ID, 'PENDING']]) })],
    ['ended as CONFIRMED', [accepted({ request: request({ paymentMethod: 'pm_card_chargeDeclined' }) })], kept()],
    ['answered 404', [accepted(), { ...silence, status: 404 }], kept()],
    [
      'nobody used the key',
      [accepted()],
      kept({
        keys: new Map([
          [KEY, ID],
          ['other', ID],
        ]),
      }),
    ],
    [
      'nobody asked for order',
      [accepted()],
      kept({
        ends: new Map([
          [ID, 'CONFIRMED'],
          ['other', 'CONFIRMED'],
        ]),
      }),
    ],
  ])('the customers’ record and the books disagree: %s', (what, attempts, books) => {
    expect(found(attempts, books).join('\n')).toContain(what);
  });
});

describe('what is parked', () => {
  const thrown = (mark: string, mustPark = true): Poisoned => ({ mark, kind: 'huge', topic: 'order.events', mustPark });
  const of = (...poisoned: Poisoned[]) => ({ poisoned, hostile: [] });
  const parked = (headers: Record<string, string>, offset = '7'): ParkedRow => ({
    service: 'order',
    id: newId(),
    state: 'poisoned',
    cause: 'oversize',
    topic: 'order.events',
    partition: 0,
    offset,
    headers: JSON.stringify(headers),
  });

  it('the parked messages are those that were thrown in and that Kafka still has', () => {
    expect(compareParked(of(thrown('0'), thrown('1')), [parked({ 'x-chaos': '0' })], new Set(['0']))).toEqual([]);
  });

  it('a sound, a readable or a missing parked message is wrong', () => {
    expect(compareParked(of(), [parked({})], new Set()).join()).toContain('nobody poisoned it');
    expect(compareParked(of(thrown('0', false)), [parked({ 'x-chaos': '0' })], new Set()).join()).toContain(
      'can be read',
    );
    expect(compareParked(of(thrown('0')), [], new Set(['0'])).join()).toContain('parked nowhere');
  });

  it('a parked message may lie only where a stranger wrote', () => {
    const batch = { what: 'noise', topic: 'order.events', partition: 0, baseOffset: 7, records: 2 };
    const found = (offset: string) =>
      compareParked({ poisoned: [], hostile: [batch] }, [parked({}, offset)], new Set());
    expect([found('7'), found('8')]).toEqual([[], []]);
    expect(found('6').join()).toContain('nobody poisoned it');
    expect(found('9').join()).toContain('nobody poisoned it');
  });

  it('a poisoned message is found where a stranger wrote before Kafka lost its disk', () => {
    const hostile = [{ what: 'noise', topic: 'order.events', partition: 0, baseOffset: 7, records: 2 }];
    expect(
      compareParked({ poisoned: [thrown('0')], hostile }, [parked({ 'x-chaos': '0' }, '7')], new Set(['0'])),
    ).toEqual([]);
  });
});

const busy: Coverage = {
  orders: 1_000,
  confirmed: 800,
  cancelled: 40,
  revised: 50,
  paidFromAccounts: 30,
  notCovered: 20,
  compensations: 300,
  duplicatesDropped: 10,
  fencedWrites: 9,
  webhooks: 900,
  handedOver: 0,
  expressDisturbed: 0,
  redelivered: 5,
  askedAgain: 2,
  clientRetries: 40,
  replays: 100,
  restarts: 9,
  parked: 0,
};

const some = { allFaults: false, express: false };
const all = { allFaults: true, express: false };

describe('a storm that nobody felt', () => {
  it('a storm of some faults only may drop no duplicate', () => {
    expect(tooQuiet({ ...busy, duplicatesDropped: 0, fencedWrites: 0 }, 1, [], some)).toEqual([]);
  });

  it('a storm with few orders, no compensation or a fault without a trace is no proof', () => {
    expect(tooQuiet(busy, 1, ['restarts', 'duplicatesDropped'], all)).toEqual([]);
    expect(tooQuiet(busy, 1, ['parked'], all)).toEqual([
      'the faults of this run must leave parked, and there were none',
    ]);
    for (const one of ['compensations', 'duplicatesDropped', 'fencedWrites', 'webhooks', 'clientRetries'] as const) {
      expect(tooQuiet({ ...busy, [one]: 0 }, 1, [], all)).toEqual([expect.stringContaining(`only 0 ${one}`)]);
    }
    expect(tooQuiet(busy, 60, [], all)).not.toEqual([]);
  });

  it('a storm of services that hand over is no proof when they hand nothing over, or nothing of what is between them was cut', () => {
    const express = { ...all, express: true };
    const enough = { ...busy, handedOver: 400 };
    expect(tooQuiet(busy, 1, [], express)).toEqual(['only 0 handedOver, and there should be 400']);
    expect(tooQuiet(enough, 1, [], express)).toEqual([]);
    expect(tooQuiet(enough, 1, ['expressDisturbed'], express)).toEqual([expect.stringContaining('expressDisturbed')]);
  });
});

describe('counters', () => {
  it('counters are added up over their labels', () => {
    const text = [
      '# TYPE backstep_duplicates_dropped_total counter',
      'backstep_duplicates_dropped_total{consumer="order"} 3',
      'backstep_duplicates_dropped_total{consumer="other"} 4',
      'backstep_version_conflicts_total 2',
      'backstep_version_conflicts_total_more 9',
      'backstep_provider_webhooks_total{outcome="settled"} 1',
      'backstep_provider_webhooks_total{outcome="known"} 4',
      'backstep_express_messages_total{outcome="handed_over",service="order"} 6',
      'backstep_express_messages_total{outcome="waits_for_kafka",service="order"} 3',
    ].join('\n');
    expect(countersIn(text)).toEqual({ duplicatesDropped: 7, fencedWrites: 2, webhooks: 5, handedOver: 6 });
  });
});

describe('the figures of several runs', () => {
  it('the figures of several runs are added up, and what never happened is named', () => {
    const run = (seed: number, restMs: number): Figures => ({
      seed,
      instances: seed,
      sockets: false,
      minutes: 2,
      faults: { 'kill -9': 3, 'clock step': seed },
      skipped: [],
      coverage: busy,
      restMs,
      violations: [],
    });
    const told = totals([run(1, 1_000), run(2, 12_345)]);
    expect(told).toContain('2 runs, 2 of them clean; 1 with two of each service');
    expect(told).toContain('4 minutes under load\n2000 orders accepted');
    expect(told).toContain('12.3 s at most');
    expect(told).toContain('9 faults:\n      6 kill -9\n      3 clock step\n  never: ');
    expect(told).toContain("never: Kafka's disk lost");
    expect(told).not.toContain('never: express cut');
    expect(totals([{ ...run(1, 1_000), sockets: true }])).toContain('never: express cut');
  });
});
