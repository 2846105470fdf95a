import { CATALOGUE } from '@backstep/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as contracts from '@backstep/contracts';
import { derivedId, message, newId } from '@backstep/messages';
import { INVARIANTS } from '@backstep/doctor';
import type { Violation } from '@backstep/doctor';
import type { OrderMessage } from '../shared/representations.js';
import { BREAKS_BY_HAND } from './breaks-by-hand.fixture.spec.js';
import { Patient, type Diagnosis } from './patient.fixture.spec.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: the doctor can fail. Whatever is broken on the real parts, it names exactly the invariant that broke, with every id and
 * what to do, and exits with 1; mended, it finds nothing.
 * Method: one system with orders of every kind at rest; each row breaks one thing by hand. That the row before is named no more
 * shows that its mending was seen. Kafka and the provider forget nothing on request: what is broken there stays, each time one
 * more is named, and in the end it is cut off their files.
 * One break of each invariant, in the databases and outside of them; `BACKSTEP_BREAKS=all` has all of them (some five minutes).
 */
const ALL = process.env['BACKSTEP_BREAKS'] === 'all';
const chosen = <T extends { readonly invariant: string }>(rows: readonly T[]): readonly T[] =>
  rows.filter(({ invariant }, at) => ALL || rows.findIndex((row) => row.invariant === invariant) === at);
const ORDERS_OF_A_KIND = 4;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const GHOST_AGE_MS = 120_000;

let patient: Patient;

/** An id that a service made two minutes ago. */
function ghostId(): string {
  const time = (Date.now() - GHOST_AGE_MS).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${newId().slice(13)}`;
}

const orderOf = (kind: keyof Patient['orders'], index = 0): string => patient.orders[kind][index] ?? '';

/** Exactly this is wrong, and everything is said that helps. */
function expectNamed(
  { code, report }: Diagnosis,
  violation: Violation | undefined,
  invariant: string,
  says: RegExp,
): void {
  expect(violation).toMatchObject({
    invariant,
    what: expect.stringMatching(says),
    remedy: expect.stringMatching(/npx backstep/),
  });
  expect({ code, clean: report.clean }).toEqual({ code: 1, clean: false });
  for (const { id, topic, partition, offset } of violation?.messages ?? []) {
    expect(id).toMatch(UUID);
    if (offset !== undefined) expect(`${topic}/${partition}@${offset}`).toMatch(/^[a-z]+\.(commands|events)\/\d@\d+$/);
  }
}

const asked = new Set<string>();

/** The command itself for the first break in each place, and all that it does but to start for the others. */
function see(where: string, settleSeconds: number): Promise<Diagnosis> {
  const isFirst = !asked.has(where);
  asked.add(where);
  return isFirst ? patient.doctor(settleSeconds) : patient.look(settleSeconds);
}

async function expectClean(): Promise<void> {
  const { code, violations } = await patient.doctor(30);
  expect({ code, violations }).toEqual({ code: 0, violations: [] });
}

/** A message as another made it, with something else in it. */
function like(
  { topic, key, headers, value }: OrderMessage,
  change: Record<string, string>,
  more: Partial<OrderMessage> = {},
) {
  const made = {
    topic,
    key: key ?? '',
    headers: { ...headers, ce_id: newId(), ...change },
    value: JSON.stringify(value),
  };
  return { ...made, ...(more.topic !== undefined && { topic: more.topic }) };
}

const charge = (orderId: string, amount: number): Promise<void> =>
  patient.provider('/v1/payment_intents', {
    ...{ amount: String(amount), currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' },
    ...{ 'metadata[orderId]': orderId, 'metadata[paymentIntentId]': orderId },
  });

interface Lasting {
  readonly invariant: string;
  readonly situation: string;
  readonly says: RegExp;
  readonly orderId: () => string;
  readonly breakIt: (orderId: string) => Promise<unknown>;
}
const GHOST = ghostId();
const { ConfirmOrder, OrderRejected } = contracts;

// prettier-ignore
const LASTING: readonly Lasting[] = [
  { invariant: 'I3', situation: 'a payment was captured twice', says: /was captured 2 times/, orderId: () => orderOf('confirmed', 1),
    breakIt: (id) => charge(id, 6400) },
  { invariant: 'I3', situation: 'a confirmed order is not paid', says: /should keep 6400 EUR .* and keeps 0/, orderId: () => orderOf('confirmed', 2),
    breakIt: async (id) => {
      const [payment] = await patient.sql<{ id: string }>('payment', `SELECT provider_reference AS id FROM payment_intent WHERE id = '${id}'`);
      await patient.provider('/v1/refunds', { payment_intent: payment?.id ?? '' });
    } },
  { invariant: 'I3', situation: 'a rejected order is charged', says: /should keep 0 EUR .* and keeps 500/, orderId: () => orderOf('short', 1),
    breakIt: (id) => charge(id, 500) },
  { invariant: 'I6', situation: 'somebody is charged for an order that is not there', says: /is charged, and there is no such order/, orderId: () => GHOST,
    breakIt: (id) => charge(id, 500) },
  { invariant: 'I7', situation: 'a compensation was asked for as two commands', says: /asked for RefundPayment .* under two command ids/, orderId: () => orderOf('refused', 1),
    breakIt: async (id) => patient.publisher.publish([like(await patient.message(id, 'RefundPayment'), { ce_commandid: newId() })]) },
  { invariant: 'I8', situation: 'the shipment was asked for before the charge was answered', says: /because of StockReserved, not of PaymentCharged/, orderId: () => orderOf('confirmed', 3),
    breakIt: async (id) => {
      const cause = await patient.message(id, 'StockReserved');
      await patient.publisher.publish([like(await patient.message(id, 'CreateShipment'), { ce_causationid: cause.headers['ce_id'] ?? '' })]);
    } },
  { invariant: 'I9', situation: 'a confirmed order was told as rejected', says: /is CONFIRMED, and was told as OrderRejected/, orderId: () => orderOf('confirmed', 3),
    breakIt: (orderId) => {
      const failure = { code: 'timed_out' as const, message: 'x' };
      const event = message(OrderRejected, { orderId, failure }, { source: 'order', commandId: newId(), aggregateVersion: 3 });
      return patient.publisher.publish([CATALOGUE.encode(event)]);
    } },
  { invariant: 'I10', situation: 'two messages share an id', says: /two messages have the id/, orderId: () => orderOf('confirmed', 3),
    breakIt: async (orderId) => {
      const { headers } = await patient.message(orderId, 'ReserveStock');
      const again = message(ConfirmOrder, { orderId }, { id: headers['ce_id'] ?? '', source: 'orchestrator', commandId: newId() });
      await patient.publisher.publish([CATALOGUE.encode(again)]);
    } },
  { invariant: 'I11', situation: 'a version was told after a later one', says: /order\.events tells version 1 of \S+ after version 2/, orderId: () => orderOf('confirmed', 2),
    breakIt: async (id) => patient.publisher.publish([like(await patient.message(id, 'OrderPlaced'), {})]) },
  { invariant: 'I12', situation: 'a command had its effect twice', says: /had its effect twice: StockReserved and StockReserved/, orderId: () => orderOf('confirmed', 2),
    breakIt: async (id) => patient.publisher.publish([like(await patient.message(id, 'StockReserved'), { ce_aggregateversion: '2' })]) },
];

/** What only breaks outside of the databases, and one break each of the provider and of Kafka. */
function outside(): readonly Lasting[] {
  const inside = new Set(BREAKS_BY_HAND.map(({ invariant }) => invariant));
  return ALL
    ? LASTING
    : chosen(LASTING).filter(({ invariant }) => !inside.has(invariant) || /^I(3|11)$/.test(invariant));
}

export const whenDoctorIsFooled = (): void =>
  describe('when the doctor is fooled', () => {
    beforeAll(async () => {
      patient = Patient.admit();
      await patient.place(ORDERS_OF_A_KIND);
    }, 60_000);

    afterAll(() => patient?.discharge());

    describe('a sound system', () => {
      it('the doctor finds nothing in a sound system', () => expectClean(), 60_000);
    });

    describe('a database that somebody wrote to', () => {
      it.each(chosen(BREAKS_BY_HAND).map((row) => [row.invariant, row.situation, row] as const))(
        'the doctor finds %s: %s',
        async (_, __, row) => {
          const order = orderOf(row.kind);
          const ghost = ghostId();
          const seen = row.message === undefined ? undefined : await patient.message(order, row.message);
          const ids: Record<string, string> = {
            'fresh:ghost': newId(),
            ':ghost': ghost,
            ':order': order,
            ':saga': derivedId('ghost', ghost),
            ':message': seen?.headers['ce_id'] ?? '',
            ':topic': seen?.topic ?? '',
            ':partition': String(seen?.partition),
            ':offset': seen?.offset ?? '',
            ':headers': JSON.stringify(seen?.headers),
            ':value': JSON.stringify(seen?.value),
          };
          const run = async (statements: typeof row.doing): Promise<void> => {
            for (const [service, text] of statements) {
              const sql = Object.entries(ids).reduce((filled, [name, id]) => filled.replaceAll(name, id), text);
              await patient.sql(service, sql);
            }
          };
          const asleep = row.asleep ?? [];
          asleep.forEach((name) => system.signal(name, 'SIGSTOP'));
          await run(row.doing);
          const diagnosis = await see('inside', 0);
          await run(row.undoing);
          asleep.forEach((name) => system.signal(name, 'SIGCONT'));

          const [violation, ...others] = diagnosis.violations;
          expect(others).toEqual([]);
          expectNamed(diagnosis, violation, row.invariant, row.says);
          expect(diagnosis.report.atRest).toBe(row.restless !== true);
          if (row.about === 'order' || row.about === 'ghost') {
            expect(violation?.orderId).toBe(row.about === 'order' ? order : ghost);
            if (row.about === 'order') expect(violation?.sagaId).toMatch(UUID);
            if (row.about === 'order') expect(violation?.messages).not.toEqual([]);
          }
          if (row.about === 'sku') expect(violation).toMatchObject({ sku: 'teapot' });
          if (seen) {
            const { topic, partition, offset } = seen;
            const place = { id: seen.headers['ce_id'], type: row.message, topic, partition, offset };
            expect(violation?.messages).toEqual(expect.arrayContaining([expect.objectContaining(place)]));
          }
        },
        60_000,
      );

      it('the doctor finds nothing once the database is repaired', () => expectClean(), 60_000);
    });

    describe('a provider and a Kafka that hold what they should not', () => {
      let forget: () => Promise<void>;
      const known = new Set<string>();
      const identity = ({ invariant, what }: Violation): string => `${invariant} ${what}`;

      beforeAll(async () => {
        forget = await patient.remember();
      });

      it.each(outside().map((one) => [one.invariant, one.situation, one] as const))(
        'the doctor finds %s: %s',
        async (_, __, row) => {
          const orderId = row.orderId();
          await row.breakIt(orderId);
          const diagnosis = await see('outside', 30);
          const [violation, ...others] = diagnosis.violations.filter((one) => !known.has(identity(one)));
          expect(others).toEqual([]);
          expectNamed(diagnosis, violation, row.invariant, row.says);
          expect(violation).toMatchObject({ orderId });
          expect([...(violation?.messages ?? []), ...(violation?.references ?? [])]).not.toEqual([]);
          diagnosis.violations.forEach((one) => known.add(identity(one)));
          expect(known.size).toBe(diagnosis.violations.length);
        },
        60_000,
      );

      it('the doctor finds nothing once provider and Kafka are repaired', async () => {
        await forget();
        await expectClean();
      }, 120_000);
    });

    it('the cases break every invariant', () => {
      const broken = new Set([...BREAKS_BY_HAND, ...LASTING].map(({ invariant }) => invariant));
      expect(INVARIANTS.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
    });
  });
