import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { newId } from '@backstep/messages';
import { startProvider, type ProviderProcess } from '../settle-payment/payment-service.fixture.spec.js';
import { OutcomeUnknownError } from './payment-provider.js';
import { StripeProvider } from './stripe-provider.js';

/** Goal: only what is certain is an outcome. Method: the official client against the stand-in, which answers as Stripe does. */
let process: ProviderProcess;
let provider: StripeProvider;
const open: StripeProvider[] = [];
const GUESTS_MAX = 20;
const GUEST_WAITS_MS = 200;

const connect = (changes: Partial<ConstructorParameters<typeof StripeProvider>[0]> = {}): StripeProvider => {
  const made = new StripeProvider({
    apiBase: process.url,
    secretKey: 'sk_test_backstep',
    connectionsMax: 4,
    ...changes,
  });
  open.push(made);
  return made;
};
const aCharge = (paymentMethod = 'pm_card_visa', amount = 4200, id = newId()) => ({
  paymentIntentId: id,
  orderId: id,
  chargeId: undefined,
  key: `charge:${id}`,
  amount,
  currency: 'EUR',
  paymentMethod,
});

/** A server that is frozen, and whose queue of connections is full: the next one gets no answer at all. */
async function fullHouse(): Promise<{ port: number; stop: () => void }> {
  const listen = `const s = require('net').createServer().listen({ port: 0, backlog: 1 }, () => console.log(s.address().port))`;
  const house = spawn(globalThis.process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(house.stdout, 'data')) as [Buffer];
  house.kill('SIGSTOP');
  const port = Number(line);
  const guests: Socket[] = [];
  const stop = (): void => {
    for (const guest of guests) guest.destroy();
    house.kill('SIGKILL');
  };
  for (let turnedAway = false; !turnedAway;) {
    if (guests.length > GUESTS_MAX) throw new Error('the house never fills');
    const guest = createConnection({ port, host: '127.0.0.1' }).on('error', () => undefined);
    guests.push(guest);
    await Promise.race([once(guest, 'connect'), once(guest.setTimeout(GUEST_WAITS_MS), 'timeout')]);
    turnedAway = guest.connecting;
  }
  return { port, stop };
}

beforeAll(async () => {
  process = await startProvider();
  provider = connect();
});
afterAll(async () => {
  for (const each of open) each.close();
  await process.stop();
});

describe('a charge', () => {
  it('a charge that is repeated with the same arguments is the same charge', async () => {
    const request = aCharge();
    const outcomes = [await provider.charge(request), await connect().charge(request)];
    expect(outcomes[0]).toMatchObject({ kind: 'captured', providerReference: expect.stringMatching(/^pi_/) });
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  it('a charge that the issuer refuses is refused again when it is repeated', async () => {
    const request = aCharge('pm_card_chargeDeclined');
    const refused = { kind: 'refused', failure: { reason: 'generic_decline', message: 'Your card was declined.' } };
    expect(await provider.charge(request)).toEqual(refused);
    expect(await provider.charge(request)).toEqual(refused);
  });

  it.each([
    ['an unknown payment method', aCharge('pm_card_secret_thing'), 'payment_method: resource_missing'],
    ['too large an amount', aCharge('pm_card_visa', 100_000_000), 'amount: parameter_invalid_integer'],
  ])('a charge with %s is refused in words that do not quote it', async (_, request, what) => {
    expect(await provider.charge(request)).toEqual({
      kind: 'refused',
      failure: { reason: 'provider_rejected', message: `The provider rejected the request (${what}).` },
    });
  });
});

describe('not known is', () => {
  it('a charge whose answer was lost has an unknown outcome, since the Stripe package does not retry', async () => {
    const request = aCharge('pm_card_lostResponse');
    await expect(provider.charge(request)).rejects.toThrow(OutcomeUnknownError);
    expect(await provider.charge(request)).toMatchObject({ kind: 'captured' });
  });

  it('a charge that times out, and one that is still running, have an unknown outcome', async () => {
    const request = aCharge('pm_card_slow');
    const impatient = connect({ deadlineMs: 200 });
    await expect(impatient.charge(request)).rejects.toThrow(/timeout/);
    await expect(impatient.charge(request)).rejects.toThrow(/409/);
  });

  it('a charge that gets no connection in time has an unknown outcome', async () => {
    const { port, stop } = await fullHouse();
    try {
      const impatient = connect({ apiBase: `http://127.0.0.1:${port}`, deadlineMs: 300 });
      await expect(impatient.charge(aCharge())).rejects.toThrow(/timeout/);
    } finally {
      stop();
    }
  });

  it('a charge during an outage has an unknown outcome', async () => {
    await expect(provider.charge(aCharge('pm_card_flaky'))).rejects.toThrow(/503/);
    await expect(connect({ apiBase: 'http://127.0.0.1:1' }).charge(aCharge())).rejects.toThrow(OutcomeUnknownError);
  });

  it('a charge with a wrong API key has an unknown outcome, and no customer is refused', async () => {
    await expect(connect({ secretKey: 'sk_live_wrong' }).charge(aCharge())).rejects.toThrow(/401/);
  });

  it('a charge whose idempotency key was used for another has an unknown outcome: a bug', async () => {
    const request = aCharge();
    await provider.charge(request);
    await expect(provider.charge({ ...request, amount: 1 })).rejects.toThrow(OutcomeUnknownError);
  });
});

describe('a further charge', () => {
  it('a further charge of a payment is another charge, and each is told by its id', async () => {
    const first = aCharge();
    const further = { ...first, chargeId: newId(), key: 'charge:further', amount: 300 };
    const outcomes = [await provider.charge(first), await provider.charge(further), await provider.charge(further)];
    expect(outcomes[1]).toEqual(outcomes[2]);
    expect(outcomes[0]).not.toEqual(outcomes[1]);
    const captured = (await process.paymentsOf(first.orderId)).map((payment) => payment.captured);
    expect(captured).toEqual([4200, 300]);
  });
});

describe('a refund', () => {
  const aPayment = async () => {
    const request = aCharge();
    const outcome = await provider.charge(request);
    if (outcome.kind !== 'captured') throw new Error('the charge was refused');
    const { paymentIntentId, amount, currency } = request;
    const { providerReference } = outcome;
    const whole = {
      key: `refund:${paymentIntentId}`,
      providerReference,
      amount,
      currency,
      isWhole: true,
      takesRest: true,
    };
    return { paymentIntentId, whole };
  };

  it('a refund happens once, also under another idempotency key', async () => {
    const { paymentIntentId, whole } = await aPayment();
    const refunded = { kind: 'refunded', providerReference: whole.providerReference };
    expect(await provider.refund(whole)).toEqual(refunded);
    expect(await provider.refund(whole)).toEqual(refunded);
    expect(await provider.refund({ ...whole, key: 'expired' })).toEqual(refunded);
    expect(await process.paymentsOf(paymentIntentId)).toMatchObject([{ captured: 4200, refunded: 4200 }]);
  });

  it('a refund of an amount happens once for each key, and its rest can be given back afterwards', async () => {
    const { paymentIntentId, whole } = await aPayment();
    const part = { ...whole, key: 'part', amount: 1200, isWhole: false, takesRest: false };
    const refunded = { kind: 'refunded', providerReference: whole.providerReference };
    expect(await provider.refund(part)).toEqual(refunded);
    expect(await provider.refund(part)).toEqual(refunded);
    expect(await process.paymentsOf(paymentIntentId)).toMatchObject([{ captured: 4200, refunded: 1200 }]);
    const rest = { ...part, key: 'rest', amount: 3000, takesRest: true };
    expect(await provider.refund(rest)).toEqual(refunded);
    expect(await provider.refund({ ...rest, key: 'expired' })).toEqual(refunded);
    expect(await process.paymentsOf(paymentIntentId)).toMatchObject([{ captured: 4200, refunded: 4200 }]);
    // Nothing was to be left, and everything is gone: somebody else has given it back.
    await expect(provider.refund({ ...part, key: 'expired too' })).rejects.toThrow(OutcomeUnknownError);
  });

  it('a refund of a charge that the provider does not know is not done, and is requested again', async () => {
    const { whole } = await aPayment();
    const nobodys = { ...whole, key: 'nobody', providerReference: 'pi_none' };
    await expect(provider.refund(nobodys)).rejects.toThrow(OutcomeUnknownError);
  });
});
