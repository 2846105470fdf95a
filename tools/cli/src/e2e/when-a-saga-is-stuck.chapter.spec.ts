import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import type { OperableSaga, OperationAnswer } from '../saga/operable-saga.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: what is STUCK can be repaired by each action that is legal, and what an abandoned saga leaves behind is told, not hidden.
 * Method: the whole system. The carrier refuses, and the provider refuses the refund for good (`pm_card_refundFails`), until a person
 * makes it. The hour and a half in which a refund is asked for is skipped in the saga's row; everything else happens for real.
 */
let orchestrator: pg.Pool;

async function place(paymentMethod: string, country = 'DE') {
  const order = SAMPLES[0]?.order;
  const body = { ...order, paymentMethod, shippingAddress: { ...order?.shippingAddress, country } };
  return system.api('POST', '/v1/orders', { body, headers: { 'idempotency-key': randomUUID() } });
}

const sagaOf = async (orderId: string): Promise<OperableSaga | undefined> => {
  const { body } = await system.api('GET', `/v1/sagas?orderId=${orderId}`);
  const [found] = body['items'] as OperableSaga[];
  return found && ((await system.api('GET', `/v1/sagas/${found.id}`)).body as unknown as OperableSaga);
};

const sagaWhen = (orderId: string, what: string, holds: (saga: OperableSaga) => boolean): Promise<OperableSaga> =>
  waitUntil(
    `the saga of ${orderId} is ${what}`,
    async () => {
      const saga = await sagaOf(orderId);
      return saga && holds(saga) && saga;
    },
    60_000,
  );
const sagaIn = (orderId: string, state: string) => sagaWhen(orderId, state, (saga) => saga.state === state);

/** The refund was asked for a hundred times, and the last ask is overdue. */
export const ASKED_OUT = `
  UPDATE saga_instance SET version = version + 1, wake_at = $2,
    instance = jsonb_set(jsonb_set(instance::jsonb, '{awaiting,attempts}', '100'), '{awaiting,dueAt}', to_jsonb($2::bigint))
  WHERE id = $1`;

/** An order whose refund nobody gets: its saga is STUCK. */
async function stuck(): Promise<{ orderId: string; saga: OperableSaga }> {
  const orderId = String((await place('pm_card_refundFails', 'AQ')).body['id']);
  const { id } = await sagaWhen(orderId, 'refunding', ({ awaiting }) => awaiting?.direction === 'undo');
  await orchestrator.query(ASKED_OUT, [id, Date.now() - 1]);
  return { orderId, saga: await sagaIn(orderId, 'STUCK') };
}

/** What the provider's dashboard is for. */
async function refundByHand(orderId: string): Promise<void> {
  const { providerReference } = (await system.api('GET', `/v1/payment-intents/${orderId}`)).body;
  const answer = await fetch(`${system.environment().provider}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_hand', 'content-type': 'application/x-www-form-urlencoded' },
    body: `payment_intent=${String(providerReference)}&metadata[by]=hand`,
  });
  expect(answer.status).toBe(200);
}

/** The same gateway, which nobody can know to be ours. */
const byAnotherName = (): string => system.gatewayUrl.replace('127.0.0.1', 'localhost');

const paymentIs = (orderId: string, status: string) =>
  waitUntil(
    `the payment of ${orderId} is ${status}`,
    async () => (await system.api('GET', `/v1/payment-intents/${orderId}`)).body['status'] === status,
    60_000,
  );

const orderStatus = async (orderId: string) => (await system.api('GET', `/v1/orders/${orderId}`)).body['status'];

async function operate(saga: OperableSaga, action: string, ...options: string[]): Promise<OperationAnswer> {
  const args = ['saga', saga.id, action, '--by', 'ada', '--reason', 'INC-42', '--json', ...options];
  const { code, stdout, stderr } = await system.backstep(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as OperationAnswer;
}

export const whenASagaIsStuck = (): void =>
  describe('when a saga is stuck', () => {
    beforeAll(() => {
      orchestrator = new pg.Pool({ connectionString: system.environment().databases['orchestrator'], max: 1 });
    });

    afterAll(() => orchestrator?.end());

    describe('a saga that is STUCK because a refund fails', () => {
      it('a STUCK saga is shown, previewed, retried, and ends once the refund is made', async () => {
        const { orderId, saga } = await stuck();
        expect((await system.backstep('sagas', '--state', 'STUCK')).stdout).toContain(saga.id);
        expect((await system.backstep('saga', saga.id)).stdout).toMatch(/REFUND_REQUESTED.*, \d+ attempts?/);

        const dry = await operate(saga, 'retry', '--dry-run');
        expect(dry.commands).toMatchObject([{ type: 'RefundPayment', topic: 'payment.commands', key: orderId }]);
        expect(await sagaOf(orderId)).toEqual(saga);

        const done = await operate(saga, 'retry', '--if-version', String(saga.version));
        expect(done.commands).toEqual(dry.commands);
        const stale = await system.backstep('saga', saga.id, 'skip', '--reason', 'late', '--if-version', '1');
        expect([stale.code, stale.stderr]).toEqual([5, expect.stringContaining('412')]);
        const old = await system.api('POST', `/v1/sagas/${saga.id}/skip`, {
          body: { reason: 'late' },
          headers: { 'if-match': '"v1"', 'x-operator': 'ada' },
        });
        expect(old).toMatchObject({
          status: 412,
          body: { current: { id: saga.id, links: { self: `/v1/sagas/${saga.id}` } } },
        });

        await refundByHand(orderId);
        const ended = await sagaIn(orderId, 'COMPENSATED');
        expect(ended.operations).toMatchObject([{ action: 'retry', by: 'ada', reason: 'INC-42', from: 'STUCK' }]);
        expect(await orderStatus(orderId)).toBe('REJECTED');
      }, 180_000);

      it('a STUCK saga is skipped by the person who made the refund, and the rest is compensated', async () => {
        const { orderId, saga } = await stuck();
        await operate(saga, 'skip');
        const ended = await sagaIn(orderId, 'COMPENSATED');
        expect(ended.steps.find(({ name }) => name === 'charge-payment')).toMatchObject({
          state: 'skipped',
          undo: { skippedBy: 'ada' },
        });
        expect((await system.backstep('order', orderId)).stdout).toMatch(/↶ charge-payment +skipped by ada/);
        await refundByHand(orderId);
        await paymentIs(orderId, 'REFUNDED');
        expect(await orderStatus(orderId)).toBe('REJECTED');
      }, 180_000);
    });

    it('a saga before its pivot is compensated by an operator while its charge is under way', async () => {
      const orderId = String((await place('pm_card_slow')).body['id']);
      const saga = await sagaWhen(orderId, 'charging', ({ awaiting }) => awaiting?.step === 'charge-payment');
      await operate(saga, 'compensate');
      expect((await sagaIn(orderId, 'COMPENSATED')).failure).toMatchObject({ code: 'timed_out' });
      expect(await orderStatus(orderId)).toBe('REJECTED');
    }, 120_000);

    it('the doctor finds nothing after these repairs', async () => {
      const { code, stdout } = await system.backstep('doctor');
      expect({ code, told: code === 0 ? '' : stdout }).toEqual({ code: 0, told: '' });
    }, 60_000);

    it('the evidence of a saga is shown together, also by who can reach the gateway alone', async () => {
      const [found] = (await system.api('GET', '/v1/sagas?limit=1')).body['items'] as OperableSaga[];
      const { stdout } = await system.backstep('saga', found?.id ?? '', '--json');
      const { evidence } = JSON.parse(stdout) as {
        evidence: {
          messages: unknown[];
          databases: { service: string; inbox: unknown[]; rows: unknown[]; positions: unknown[] }[];
          missing: string[];
        };
      };
      expect(evidence.missing).toEqual([]);
      expect(evidence.messages.length).toBeGreaterThan(4);
      for (const { rows } of evidence.databases.filter(({ service }) => service !== 'shipment'))
        expect(rows.length).toBeGreaterThan(0);
      const payment = evidence.databases.find(({ service }) => service === 'payment');
      expect([payment?.inbox.length, payment?.positions.length]).toEqual([expect.any(Number), 1]);
      expect(payment?.inbox.length).toBeGreaterThan(0);
      const afar = await system.backstep('saga', found?.id ?? '', '--gateway', byAnotherName());
      expect([afar.code, afar.stdout]).toEqual([0, expect.stringMatching(/inbox +payment[^]*payment_intent /)]);
    }, 60_000);

    it('an abandoned saga rejects its order, and the doctor names the money and the stock that are left', async () => {
      const { orderId, saga } = await stuck();
      await operate(saga, 'abandon');
      const ended = await sagaIn(orderId, 'ABANDONED');
      expect(ended.steps.filter(({ state }) => state === 'abandoned').map(({ name }) => name)).toEqual([
        'reserve-stock',
        'charge-payment',
      ]);
      expect(ended.legalActions).toEqual([]);
      expect(await orderStatus(orderId)).toBe('REJECTED');
      const { code, stdout } = await system.backstep('doctor', '--json');
      expect(code).toBe(1);
      for (const invariant of ['I3', 'I6']) expect(stdout).toMatch(new RegExp(`"${invariant}"`));
      expect(stdout).toContain(`order ${orderId} is REJECTED and holds stock`);
      expect(stdout).toContain(`order ${orderId} is REJECTED: the provider should keep 0 EUR`);
    }, 180_000);
  });
