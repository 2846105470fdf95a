import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { PAYMENT_CONFIG } from '../../config.js';
import { PaymentModule } from '../../payment.module.js';
import { deliver, failed, refunded, SECRET, succeeded } from './events.fixture.spec.js';

/**
 * Goal: an event is believed when the provider has signed it lately, and settles its payment once, by whichever instance takes it in.
 * Method: the whole service twice on one PostgreSQL, over HTTP, without Kafka and without a provider; payments that wait for an outcome and are
 * not asked for within the specs.
 */
let database: TestDatabase;
const platforms: PlatformApp[] = [];
const bases: string[] = [];
const lines: string[] = [];
let base: string;

beforeAll(async () => {
  database = await createTestDatabase();
  for (let instance = 0; instance < 2; instance++) {
    const config = loadConfig(
      { ...platformConfig(0), ...PAYMENT_CONFIG },
      {
        DATABASE_URL: database.url,
        KAFKA_BROKERS: '127.0.0.1:1',
        STRIPE_API_BASE: 'http://127.0.0.1:1',
        STRIPE_WEBHOOK_SECRET: SECRET,
      },
    );
    const logger = createLogger({
      service: 'payment',
      level: 'debug',
      destination: { write: (line) => void lines.push(line) },
    });
    const platform = await createApp({ name: 'payment', module: PaymentModule, config, logger });
    platforms.push(platform);
    await platform.app.listen(0, '127.0.0.1');
    bases.push(await platform.app.getUrl());
  }
  base = bases[0] ?? '';
});
afterAll(async () => {
  await Promise.all(platforms.map(({ app }) => app.close()));
  await database.drop();
});

const REFERENCE = 'pi_1';

const REFUND_ID = newId();
/** The key of the refund of a part of a payment. */
const partOf = (id: string): string => `refund:${REFUND_ID}:${id}`;

/** @param part of the refund that has been asked for; undefined: of all */
function stateOf(id: string, status: string, part: number | undefined): object {
  if (status === 'CHARGE_REQUESTED') return { status, paymentMethod: 'pm_card_visa', refundWanted: false };
  if (part === undefined) return { status, providerReference: REFERENCE };
  const refund = {
    of: { kind: 'amount', refundId: REFUND_ID, amount: part },
    parts: [{ chargeId: id, amount: part }],
  };
  const charges = [{ chargeId: id, amount: 4200, providerReference: REFERENCE, refunded: 0 }];
  return { status, providerReference: REFERENCE, refund, charges, since: Date.now() };
}

/** A payment whose charge, or refund, has been asked for. It is due in an hour. */
async function pending(
  status: 'CHARGE_REQUESTED' | 'REFUND_REQUESTED' = 'CHARGE_REQUESTED',
  part?: number,
): Promise<string> {
  const id = newId();
  const state = stateOf(id, status, part);
  const command = { id: newId(), sagaId: newId(), commandId: newId() };
  await database.pool.query(
    `INSERT INTO payment_intent (id, amount, currency, state, charge_command, refund_command, attempts, next_attempt_at, lease_epoch, created_at, updated_at, version)
     VALUES ($1, 4200, 'EUR', $2, $3, $4, 1, now() + interval '1 hour', 0, now(), now(), 1)`,
    [id, state, command, status === 'REFUND_REQUESTED' ? command : null],
  );
  return id;
}

interface Stored {
  readonly status: string;
  readonly version: number;
  readonly entries: number;
  /** Messages that wait for Kafka. */
  readonly told: string[];
}

async function stored(id: string): Promise<Stored> {
  const { rows } = await database.pool.query<Stored>(
    `SELECT status, version::int AS version,
       (SELECT count(*)::int FROM ledger_entry WHERE payment_intent_id = p.id) AS entries,
       ARRAY(SELECT split_part(headers, '|', 2) FROM outbox WHERE key = p.id::text ORDER BY seq) AS told
     FROM payment_intent AS p WHERE id = $1`,
    [id],
  );
  return rows[0] as Stored;
}

describe('a signature', () => {
  it.each([
    ['none', { header: null }],
    ['an empty one', { header: '' }],
    ['nonsense', { header: 'v1' }],
    ['no timestamp', { header: 'v1=00' }],
    ['another scheme', { header: `t=${Math.floor(Date.now() / 1_000)},v0=00` }],
    ['one by another secret', { secret: 'whsec_of_somebody_else' }],
    ['one of another body', { body: JSON.stringify(succeeded(newId())) }],
    ['one that is too old', { age: 301 }],
    ['one of another time', { header: 't=1,v1=00' }],
  ])('an event with %s is refused as signature-invalid, and settles nothing', async (_, signed) => {
    const id = await pending();
    expect(await deliver(base, succeeded(id), signed)).toMatchObject({ status: 400, what: 'signature-invalid' });
    expect(await stored(id)).toMatchObject({ status: 'CHARGE_REQUESTED', version: 1, entries: 0, told: [] });
  });

  it('an event that was taken in is refused when it is replayed after the tolerance, with its own signature', async () => {
    const id = await pending();
    const event = succeeded(id);
    expect(await deliver(base, event, { age: 290 })).toMatchObject({ status: 200, what: 'settled' });
    expect(await deliver(base, event, { age: 301 })).toMatchObject({
      status: 400,
      what: 'signature-invalid',
      detail: 'The timestamp is more than 300 s old.',
    });
  });

  it('a body is checked as the bytes that came: the same JSON in another spelling is refused', async () => {
    const event = succeeded(await pending());
    const body = JSON.stringify(event, null, 1);
    expect(await deliver(base, event, { body })).toMatchObject({ status: 400, what: 'signature-invalid' });
  });

  it('a signed body that is no event is refused', async () => {
    expect(await deliver(base, undefined, { header: null })).toMatchObject({ status: 400 });
    const thin = { id: 'evt_1', object: 'v2.core.event' };
    expect(await deliver(base, thin)).toMatchObject({ status: 400, what: 'validation' });
  });

  it('neither the secret nor a signature is in any log', () => {
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines.join('')).not.toMatch(/v1=/);
  });
});

describe('an event', () => {
  const CHARGED = { status: 'CHARGED', version: 2, entries: 2, told: ['PaymentCharged'] };

  it('a captured charge is stored, booked and answered once, though the event comes twice and another tells the same', async () => {
    const id = await pending();
    const event = succeeded(id);
    expect(await deliver(base, event)).toMatchObject({ status: 200, what: 'settled' });
    expect(await stored(id)).toEqual(CHARGED);
    expect(await deliver(bases[1] ?? '', event)).toMatchObject({ status: 200, what: 'duplicate' });
    expect(await deliver(base, succeeded(id))).toMatchObject({ status: 200, what: 'known' });
    expect(await stored(id)).toEqual(CHARGED);
  });

  it('an event that is delivered to two instances at once is stored once', async () => {
    for (let round = 0; round < 20; round++) {
      const id = await pending();
      const event = succeeded(id);
      const answers = await Promise.all([...bases, ...bases].map((at) => deliver(at, event)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(answers.filter(({ what }) => what === 'settled')).toHaveLength(1);
      expect(await stored(id)).toEqual(CHARGED);
    }
  });

  it('a refused charge is stored with its reason', async () => {
    const id = await pending();
    expect(await deliver(base, failed(id))).toMatchObject({ status: 200, what: 'settled' });
    expect(await stored(id)).toMatchObject({ status: 'CHARGE_FAILED', entries: 0, told: ['PaymentDeclined'] });
    const { rows } = await database.pool.query(
      `SELECT state -> 'failure' AS failure FROM payment_intent WHERE id = $1`,
      [id],
    );
    expect(rows).toEqual([{ failure: { reason: 'lost_card', message: 'Your card was declined.' } }]);
  });

  it('a refund is stored once, and a late event of its charge changes nothing', async () => {
    const id = await pending('REFUND_REQUESTED');
    const event = refunded(id, REFERENCE);
    expect(await deliver(base, event)).toMatchObject({ what: 'settled' });
    const after = await stored(id);
    expect(after).toMatchObject({ status: 'REFUNDED', entries: 2, told: ['PaymentRefunded'] });
    expect(await deliver(base, succeeded(id, { id: REFERENCE }))).toMatchObject({ status: 200, what: 'known' });
    expect(await deliver(base, event)).toMatchObject({ status: 200, what: 'duplicate' });
    expect(await stored(id)).toEqual(after);
  });

  it('a refund of a part is stored once, by the key of its request', async () => {
    const id = await pending('REFUND_REQUESTED', 1200);
    const told = { amount_refunded: 1200, refunded: false };
    const event = refunded(id, REFERENCE, told, partOf(id));
    expect(await deliver(base, event)).toMatchObject({ what: 'settled' });
    const after = await stored(id);
    expect(after).toMatchObject({ status: 'CHARGED', entries: 2, told: ['PaymentRefunded'] });
    expect(await deliver(base, event)).toMatchObject({ status: 200, what: 'duplicate' });
    expect(await deliver(base, refunded(id, REFERENCE, told, partOf(id)))).toMatchObject({ what: 'known' });
    expect(await stored(id)).toEqual(after);
  });

  it.each([
    ['more than it', { amount_refunded: 1201, refunded: false }],
    ['less than it', { amount_refunded: 1199, refunded: false }],
    ['all', { amount_refunded: 4200, refunded: true }],
  ])('a refund of a part is not settled by an event that tells of %s', async (_, change) => {
    const id = await pending('REFUND_REQUESTED', 1200);
    const event = refunded(id, REFERENCE, change, partOf(id));
    expect(await deliver(base, event)).toMatchObject({ status: 409, what: 'conflict' });
    expect(await stored(id)).toMatchObject({ status: 'REFUND_REQUESTED', version: 1, told: [] });
  });

  it('a part that somebody else gives back by hand settles no refund', async () => {
    const id = await pending('REFUND_REQUESTED', 1200);
    for (const key of [undefined, 'a-key-of-somebody-else']) {
      const event = refunded(id, REFERENCE, { amount_refunded: 1200, refunded: false }, key);
      expect(await deliver(base, event)).toMatchObject({ status: 200, what: 'ignored' });
    }
    expect(await stored(id)).toMatchObject({ status: 'REFUND_REQUESTED', version: 1, told: [] });
  });

  it('a part without a key, another type and a payment of somebody else are taken in, and nothing follows', async () => {
    const id = await pending('REFUND_REQUESTED');
    const part = refunded(id, REFERENCE, { amount_refunded: 1, refunded: false });
    expect(await deliver(base, part)).toMatchObject({ status: 200, what: 'ignored' });
    expect(await deliver(base, { ...succeeded(id), type: 'customer.created' })).toMatchObject({
      status: 200,
      what: 'ignored',
    });
    expect(await deliver(base, succeeded(newId()))).toMatchObject({ status: 200, what: 'unknown_payment' });
    expect(await deliver(base, succeeded(id, { metadata: {} }))).toMatchObject({
      status: 200,
      what: 'unknown_payment',
    });
    expect(await stored(id)).toMatchObject({ version: 1, told: [] });
  });

  it.each([
    ['another amount', { amount: 4300, amount_received: 4300 }],
    ['less received than charged', { amount_received: 42 }],
    ['another currency', { currency: 'usd' }],
    ['another status', { status: 'requires_action' }],
    ['no id', { id: undefined }],
  ])(
    'an event with %s contradicts the payment: it is refused, told in the log, and changes nothing',
    async (_, change) => {
      const id = await pending();
      lines.length = 0;
      expect(await deliver(base, succeeded(id, change))).toMatchObject({ status: 409, what: 'conflict' });
      expect(lines.join('')).toMatch(/"level":"error".*contradicts what is known/);
      expect(await stored(id)).toMatchObject({ status: 'CHARGE_REQUESTED', version: 1 });
    },
  );

  it('an event that contradicts what is stored is refused: another capture, a refusal, a refund that nobody asked for', async () => {
    const id = await pending();
    await deliver(base, succeeded(id));
    for (const other of [succeeded(id, { id: 'pi_another' }), failed(id), refunded(id, 'pi_another')]) {
      expect(await deliver(base, other)).toMatchObject({ status: 409, what: 'conflict' });
    }
    expect(await stored(id)).toEqual(CHARGED);
  });

  it('an event that comes again with another content is refused', async () => {
    const id = await pending();
    const event = succeeded(id);
    await deliver(base, event);
    const other = { ...failed(id), id: event.id };
    expect(await deliver(base, other)).toMatchObject({ status: 409, what: 'conflict' });
  });

  it('events are counted by what became of them', async () => {
    const metrics = await Promise.all(bases.map(async (at) => (await fetch(`${at}/metrics`)).text()));
    for (const outcome of ['settled', 'known', 'duplicate', 'unknown_payment', 'ignored', 'refused']) {
      expect(metrics.join('')).toMatch(
        new RegExp(`backstep_provider_webhooks_total\\{outcome="${outcome}".*\\} [1-9]`),
      );
    }
  });
});

it('without a secret no event is believed', async () => {
  const { WebhookSignatures } = await import('./webhook-signatures.js');
  expect(() => new WebhookSignatures('').verify(Buffer.from('{}'), 't=1,v1=00')).toThrow('STRIPE_WEBHOOK_SECRET');
});
