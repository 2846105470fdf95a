import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { examine } from '@backstep/doctor';
import { reportText } from './render-report.js';
import { report } from './report.js';
import { AGO, saga, soundEvidence } from '@backstep/doctor/testing';

const RESET_AT = Date.now() + 60_000;

/** Goal: people and programs are told the same: what is wrong, what is under way, what waits for a person, and what was not checked. */
describe('the report', () => {
  let text: string;
  let json: ReturnType<typeof report>;
  beforeAll(() => {
    const evidence = soundEvidence();
    const stuck = newId();
    evidence.orders = new Map(evidence.orders).set(stuck, {
      id: stuck,
      status: 'PENDING',
      currency: 'EUR',
      total: 1,
      items: [],
      createdAt: AGO,
    });
    evidence.idempotencyKeys = [...evidence.idempotencyKeys, { key: 's', orderId: stuck, total: 1, createdAt: AGO }];
    const waits = {
      ...saga(stuck, 'STUCK', []),
      stuckBecause: 'never answered',
      awaiting: { step: 'create-shipment', direction: 'forward' },
    };
    evidence.sagas = new Map(evidence.sagas).set(stuck, [waits]);
    evidence.stock = evidence.stock.map((one) => ({ ...one, onHand: 99 }));
    const byService = { order: { unpublished: 1, poisoned: 2, held: 0, discarded: 0 } };
    const unreadablePlaces = [{ topic: 'order.events', partition: 2, offset: '17' }];
    // Handled, and not in Kafka any more: payment found a log cut after that.
    evidence.inboxes = new Map(evidence.inboxes).set(
      'payment',
      new Set([...(evidence.inboxes.get('payment') ?? []), newId()]),
    );
    evidence.logResets = [{ service: 'payment', topic: 'payment.commands', partition: 1, times: 2, lastAt: RESET_AT }];
    const counts = { orders: 9, records: 30, unreadable: 12, unreadablePlaces, byService };
    json = report({ evidence, counts }, examine(evidence), 1234);
    text = reportText(json);
  });

  it('the report says which invariants hold, which do not, and what to do', () => {
    expect(json.clean).toBe(false);
    expect(text).toMatch(/^I1 +ok /m);
    expect(text).toMatch(/^I5 +1 wrong /m);
    expect(text).toContain('→ See it, `npx backstep products`; then compare stock');
    expect(text).toContain('1 violation. The system is at rest. (1.23 s)');
  });

  it('the report lists what waits for a person apart from violations', () => {
    expect(json.inFlight.count).toBe(0);
    expect(text).toMatch(/For an operator: 1\n.* is STUCK: never answered\n +\$ npx backstep saga /);
  });

  it('the numbers of the report add up', () => {
    expect(json.totals).toEqual({
      orders: { examined: 3, all: 9, byStatus: { CONFIRMED: 1, REJECTED: 1, PENDING: 1 } },
      sagas: { COMPLETED: 1, COMPENSATED: 1, STUCK: 1 },
      money: { EUR: { captured: 7740, refunded: 2660 } },
      stock: { skus: 1, onHand: 99, reserved: 2 },
      messages: {
        inKafka: 30,
        unreadable: 12,
        unreadablePlaces: [{ topic: 'order.events', partition: 2, offset: '17' }],
        unpublished: 1,
        goneWithTheirLogs: 1,
      },
      logResets: [{ service: 'payment', topic: 'payment.commands', partition: 1, times: 2, lastAt: RESET_AT }],
      parked: { poisoned: 2, held: 0, discarded: 0 },
    });
    expect(text).toContain('3 (the newest of 9): 1 CONFIRMED, 1 PENDING, 1 REJECTED');
    expect(text).toContain('captured 77.40 EUR, refunded 26.60 EUR');
  });

  it('the report says where unreadable records lie, and which logs were cut', () => {
    expect(text).toMatch(/^Unreadable +order\.events\/2@17, and 11 more$/m);
    expect(text).toMatch(/^Log +payment\.commands\/1 was cut, or begun anew: payment found that 2 times, last at /m);
    expect(text).toContain('12 unreadable, 1 handled and gone with their logs');
  });
});
