import { describe, expect, it } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { http, RogueProvider } from '../provider/rogue-provider.fixture.spec.js';
import { startProvider, type ProviderProcess } from './payment-service.fixture.spec.js';
import { kit, provider, shareKit } from './shared-kit.fixture.spec.js';

/**
 * Goal: what the provider says is what is recorded and told, also when it says it late, twice or not at all.
 * Method: commands into a real unit of work on PostgreSQL, the real worker, the official client, and the stand-in with its test cards.
 */
shareKit();

const charge = (paymentMethod: string, amount = 4200, orderId = newId()) =>
  aMessage(ChargePayment, { orderId, amount, currency: 'EUR', paymentMethod });
const refund = (orderId: string) => aMessage(RefundPayment, { orderId });

const CAPTURE = [
  { account: 'order_revenue', amount: -4200 },
  { account: 'provider_clearing', amount: 4200 },
];

describe('a charge', () => {
  it('an approved charge is stored, booked and answered, and its payment method is deleted', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_visa');
    const { orderId } = command.data;
    await deliver(command);
    const row = await kit.until(orderId, 'CHARGED');
    expect(row).toMatchObject({ amount: 4200, attempts: 1, leased: false, version: 2 });
    const [event, ...more] = await kit.told(orderId, 1);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'PaymentCharged',
      data: {
        orderId,
        paymentIntentId: orderId,
        amount: 4200,
        currency: 'EUR',
        providerReference: row.providerReference,
      },
      headers: {
        ce_sagaid: command.sagaId,
        ce_commandid: command.commandId,
        ce_causationid: command.id,
        ce_aggregateversion: '2',
      },
    });
    expect(await kit.ledgerOf(orderId)).toEqual(CAPTURE);
    expect(await provider.paymentsOf(orderId)).toMatchObject([
      { id: row.providerReference, captured: 4200, refunded: 0 },
    ]);
    const { rows } = await kit.database.pool.query(
      `SELECT FROM payment_intent p WHERE id = $1 AND p::text LIKE '%pm_card%'`,
      [orderId],
    );
    expect(rows).toHaveLength(0);
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline', 'Your card was declined.'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds', 'Your card has insufficient funds.'],
    [
      'pm_card_thatNobodyKnows',
      'provider_rejected',
      'The provider rejected the request (payment_method: resource_missing).',
    ],
  ])('a charge with %s is declined: %s', async (card, reason, message) => {
    const { deliver } = kit.instance(provider.url);
    const command = charge(card);
    await deliver(command);
    const [event] = await kit.told(command.data.orderId, 1);
    expect(event).toMatchObject({ type: 'PaymentDeclined', data: { reason, message } });
    expect(await kit.row(command.data.orderId)).toMatchObject({ status: 'CHARGE_FAILED', attempts: 1 });
    expect(await kit.ledgerOf(command.data.orderId)).toEqual([]);
  });

  it('a charge of zero and its refund never reach the provider', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_visa', 0);
    await deliver(command, refund(command.data.orderId));
    const events = await kit.told(command.data.orderId, 2);
    expect(events.map(({ type }) => type)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await kit.row(command.data.orderId)).toMatchObject({ status: 'REFUNDED', attempts: 0 });
    expect(await provider.paymentsOf(command.data.orderId)).toEqual([]);
  });

  it('a repeated charge command is answered again, and charges once', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_visa');
    const again = () => ({ ...command, id: newId() });
    await deliver(command, again());
    await kit.told(command.data.orderId, 1);
    await deliver(again());
    const events = await kit.told(command.data.orderId, 2);
    expect(events.map(({ type, headers }) => [type, headers['ce_commandid']])).toEqual([
      ['PaymentCharged', command.commandId],
      ['PaymentCharged', command.commandId],
    ]);
    expect(await provider.paymentsOf(command.data.orderId)).toHaveLength(1);
  });
});

describe('an answer that is not known', () => {
  it.each([
    ['lost on its way', 'pm_card_lostResponse', 2],
    ['503, twice', 'pm_card_flaky', 3],
  ])('an unknown outcome (%s) is requested again until it is known, and charges once', async (_, card, attempts) => {
    const { deliver } = kit.instance(provider.url);
    const command = charge(card);
    await deliver(command);
    const row = await kit.until(command.data.orderId, 'CHARGED');
    expect(row).toMatchObject({ attempts, leased: false });
    expect(await provider.paymentsOf(command.data.orderId)).toMatchObject([
      { id: row.providerReference, captured: 4200 },
    ]);
    expect(await kit.ledgerOf(command.data.orderId)).toEqual(CAPTURE);
  });

  it('a request that still runs at the provider while it is repeated charges once', async () => {
    const { deliver } = kit.instance(provider.url, {
      deadlineMs: 500,
      limits: { retry: { baseMs: 100, capMs: 1_000 } },
    });
    const command = charge('pm_card_slow');
    await deliver(command);
    const row = await kit.until(command.data.orderId, 'CHARGED');
    expect(row.attempts).toBeGreaterThan(1);
    expect(await provider.paymentsOf(command.data.orderId)).toMatchObject([
      { id: row.providerReference, captured: 4200 },
    ]);
    expect(await kit.told(command.data.orderId, 1)).toHaveLength(1);
  });

  it('a charge during an outage waits in the database, with its attempts, until the provider is back', async () => {
    const { port } = new URL((await stopped(await startProvider())).url);
    const { deliver, worker } = kit.instance(`http://127.0.0.1:${port}`);
    const command = charge('pm_card_visa');
    await deliver(command);
    await worker.stop(5_000);
    expect(await kit.row(command.data.orderId)).toMatchObject({
      status: 'CHARGE_REQUESTED',
      attempts: 1,
      leased: false,
    });

    const back = await startProvider(Number(port));
    const other = kit.instance(back.url);
    await kit.age(command.data.orderId, '1 minute');
    await other.worker.sweep();
    expect(await kit.until(command.data.orderId, 'CHARGED')).toMatchObject({ attempts: 2 });
    await back.stop();
  });
});

describe('an answer to something else', () => {
  it('an answer to another request is not stored, and the payment shows why it waits', async () => {
    const rogue = await RogueProvider.start();
    const { deliver, worker } = kit.instance(rogue.url);
    const command = charge('pm_card_visa');
    const { orderId } = command.data;
    const other = {
      id: 'pi_1',
      status: 'succeeded',
      amount: 4200,
      amount_received: 4200,
      currency: 'eur',
      metadata: {},
    };
    rogue.plays((socket) => void socket.write(http(200, JSON.stringify(other))));
    await deliver(command);
    await worker.stop(5_000);
    rogue.stop();
    expect(await kit.row(orderId)).toMatchObject({
      status: 'CHARGE_REQUESTED',
      problem: `the provider's answer has payment undefined, not ${orderId}`,
    });
    expect(await kit.ledgerOf(orderId)).toEqual([]);

    await kit.age(orderId, '1 minute');
    await kit.instance(provider.url).worker.sweep();
    expect(await kit.until(orderId, 'CHARGED')).toMatchObject({ problem: null });
  });
});

describe('a refund', () => {
  const refundedOnce = async (orderId: string) => {
    const [payment, ...more] = await provider.paymentsOf(orderId);
    expect(more).toEqual([]);
    expect(payment).toMatchObject({ captured: 4200, refunded: 4200 });
    const entries = await kit.ledgerOf(orderId);
    expect(entries).toHaveLength(4);
    expect(
      entries.filter(({ account }) => account === 'provider_clearing').reduce((sum, { amount }) => sum + amount, 0),
    ).toBe(0);
  };

  it('a refund gives back the charge once, however often it is requested', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_visa');
    const { orderId } = command.data;
    await deliver(command);
    await kit.until(orderId, 'CHARGED');
    const undo = refund(orderId);
    await deliver(undo, { ...undo, id: newId() });
    await kit.until(orderId, 'REFUNDED');
    await deliver({ ...undo, id: newId() });
    const [, first, second] = await kit.told(orderId, 3);
    for (const event of [first, second]) {
      expect(event).toMatchObject({ type: 'PaymentRefunded', data: { amount: 4200, currency: 'EUR' } });
      expect(event?.headers['ce_commandid']).toBe(undo.commandId);
    }
    await refundedOnce(orderId);
  });

  it('a refund that comes first refuses the late charge, and the provider gets neither', async () => {
    const { deliver } = kit.instance(provider.url);
    const orderId = newId();
    await deliver(refund(orderId));
    await deliver(charge('pm_card_visa', 4200, orderId));
    const events = await kit.told(orderId, 2);
    expect(events).toMatchObject([
      { type: 'PaymentRefunded', data: { amount: 0 } },
      { type: 'PaymentDeclined', data: { reason: 'refunded_first' } },
    ]);
    expect(await kit.row(orderId)).toMatchObject({ status: 'VOIDED' });
    expect(await provider.paymentsOf(orderId)).toEqual([]);
  });

  it('a refund in one batch with its charge: the charge is made and given back', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_visa');
    const undo = refund(command.data.orderId);
    await deliver(command, undo);
    const events = await kit.told(command.data.orderId, 2);
    expect(events.map(({ type, headers }) => [type, headers['ce_commandid']])).toEqual([
      ['PaymentCharged', command.commandId],
      ['PaymentRefunded', undo.commandId],
    ]);
    expect(events[1]?.data).toMatchObject({ amount: 4200 });
    await refundedOnce(command.data.orderId);
  });

  it('a refund of a charge that is declined meanwhile gives back nothing', async () => {
    const { deliver } = kit.instance(provider.url);
    const command = charge('pm_card_chargeDeclined');
    await deliver(command, refund(command.data.orderId));
    const events = await kit.told(command.data.orderId, 2);
    expect(events).toMatchObject([
      { type: 'PaymentDeclined' },
      { type: 'PaymentRefunded', data: { amount: 0, currency: 'EUR' } },
    ]);
  });
});

describe('a hundred payments of all kinds', () => {
  it('a hundred payments of all kinds are settled, and the ledger agrees with the provider to the cent', async () => {
    const { deliver, metrics } = kit.instance(provider.url);
    const cards = ['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_lostResponse', 'pm_card_flaky'];
    const commands = Array.from({ length: 100 }, (_, index) => charge(cards[index % cards.length] ?? '', 100 + index));
    await deliver(...commands);
    await deliver(...commands.filter((_, index) => index % 3 === 0).map(({ data }) => refund(data.orderId)));
    for (const [index, { data }] of commands.entries()) {
      await kit.until(
        data.orderId,
        ...(index % 3 === 0 ? (['REFUNDED', 'CHARGE_FAILED'] as const) : (['CHARGED', 'CHARGE_FAILED'] as const)),
      );
      const payments = await provider.paymentsOf(data.orderId);
      const held = payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
      const booked = (await kit.ledgerOf(data.orderId)).filter(({ account }) => account === 'provider_clearing');
      expect(booked.reduce((sum, { amount }) => sum + amount, 0)).toBe(held);
    }
    expect(await metrics.scrape()).toMatch(
      /backstep_provider_call_duration_seconds_count\{.*outcome="unknown".*\} \d+/,
    );
  });
});

async function stopped(process: ProviderProcess): Promise<ProviderProcess> {
  await process.stop();
  return process;
}
