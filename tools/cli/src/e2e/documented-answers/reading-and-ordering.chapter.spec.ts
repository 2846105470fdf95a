import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../../demo/samples.js';
import { watch } from './http-requests.fixture.spec.js';
import { type Change, filesOfConsole, idOf, type Situation } from './situation.fixture.spec.js';

/** As many as a gateway lets be open. */
const STREAMS_MAX = 100;
const STREAM: Change = { headers: { accept: 'text/event-stream' } };
/** Some answers are another for people. */
const PEOPLE: Change = { headers: { accept: 'text/html' } };
const FOR_PEOPLE = new Set(['readRoot']);
/** What is parked is read by the chapter about operating. */
const NOT_THERE = new Set(['readParked']);
const LARGEST_STOCK = 1_000_000_000_000;
const LARGEST_PRICE = 100_000_000_000;
const aProduct = (change: object = {}) => ({ name: 'Tea', currency: 'EUR', price: 100, onHand: 5, ...change });
const anOrderOf = (...items: readonly (readonly [sku: string, quantity: number])[]) => ({
  ...SAMPLES[0]?.order,
  items: items.map(([sku, quantity]) => ({ sku, quantity })),
});

/** An event of the provider's. */
const captured = (paymentIntentId: string, amount: number) => ({
  id: `evt_${randomUUID().replaceAll('-', '')}`,
  object: 'event',
  type: 'payment_intent.succeeded',
  data: {
    object: {
      id: 'pi_1',
      object: 'payment_intent',
      status: 'succeeded',
      amount,
      amount_received: amount,
      currency: 'eur',
      metadata: { paymentIntentId },
    },
  },
});

/** Goal: what is read, listed and ordered is answered as documented, in each way that the state of the system allows. */
export const readingAndOrdering = (situation: () => Situation): void =>
  describe('reading and ordering', () => {
    it('an existing resource is answered, and 304 for a client that has it', async () => {
      const here = situation();
      const reads = here.answersOf('application/json').filter((answer) => {
        const { method } = here.api.operation(idOf(answer));
        return method === 'GET' && answer.split(' ')[1] === '200' && !NOT_THERE.has(idOf(answer));
      });
      const { style, icon } = await filesOfConsole(here.system.gatewayUrl);
      await here.provoke(reads.map((answer) => [answer, {}]));
      await here.provoke([
        ['readDocs 200 text/html', {}],
        ['readApi 302 nothing', PEOPLE],
        ['readRoot 200 text/html', PEOPLE],
        ['ordersPage 200 text/html', {}],
        ['comparePage 200 text/html', {}],
        ['orderPage 200 text/html', {}],
        ['parkedPage 200 text/html', {}],
        ['contentionPage 200 text/html', {}],
        ['messagesPage 200 text/html', {}],
        ['messagePage 200 text/html', {}],
        ['topicsPage 200 text/html', {}],
        ['groupPage 200 text/html', {}],
        ['sagasPage 200 text/html', {}],
        ['sagaPage 200 text/html', {}],
        ['operationsPage 200 text/html', {}],
        ['playgroundPage 200 text/html', {}],
        ['productsPage 200 text/html', {}],
        ['productPage 200 text/html', {}],
        ['consoleFile 200 text/javascript', {}],
        ['consoleFile 200 text/css', { path: { file: style } }],
        ['consoleFile 200 image/svg+xml', { path: { file: icon } }],
        ['orderEvents 200 text/event-stream', STREAM],
        ['readStream 200 text/event-stream', {}],
      ]);
      const known = await Promise.all(
        here.api.answers
          .filter((answer) => answer.endsWith(' 304 nothing'))
          .map(async (answer) => {
            const { headers: asked = {} } = FOR_PEOPLE.has(idOf(answer)) ? PEOPLE : {};
            const { headers } = await here.ask(idOf(answer), { headers: asked });
            return [answer, { headers: { ...asked, 'if-none-match': String(headers.etag) } }] as const;
          }),
      );
      await here.provoke(known);
    });

    it('an unknown resource is 404', async () => {
      const here = situation();
      const nowhere = {
        orderId: randomUUID(),
        paymentIntentId: randomUUID(),
        accountId: randomUUID(),
        transferId: randomUUID(),
        sagaId: randomUUID(),
        sku: 'no-such',
        customerId: randomUUID(),
        name: 'delivery',
        file: 'no-such.js',
        offset: '999999999',
        entity: 'NoSuch',
      };
      const answers = here.answersOf('not-found');
      expect(answers).not.toHaveLength(0);
      await here.provoke(answers.map((answer) => [answer, { path: nowhere }]));
    });

    it.each([
      ['orderEvents', STREAM],
      ['readStream', {}],
    ])(
      'a stream beyond the bound of a gateway is 429: %s',
      async (id, change) => {
        const here = situation();
        // One that was left a moment ago may still count.
        const opening = Array.from({ length: STREAMS_MAX }, () =>
          waitUntil('a stream is open', () => watch(here.system.gatewayUrl, here.request(id, change))),
        );
        const close = await Promise.all(opening);
        await here.provoke([[`${id} 429 too-many-requests`, change]]);
        for (const leave of close) leave();
      },
      120_000,
    );

    it('an order is accepted, once for each key', async () => {
      const here = situation();
      const key = { 'idempotency-key': randomUUID() };
      await here.provoke([['placeOrder 202 application/json', { headers: key }]]);
      const again = await here.ask('placeOrder', { headers: key });
      expect([again.headers['idempotency-replayed'], here.judge('placeOrder', again)]).toEqual([
        'true',
        'placeOrder 202 application/json',
      ]);
      await here.provoke([
        ['placeOrder 202 application/json', { headers: { prefer: 'wait=20' } }],
        ['placeOrder 400 idempotency-key-missing', { headers: { 'idempotency-key': undefined } }],
        ['placeOrder 422 idempotency-key-reused', { headers: key, json: anOrderOf(['teapot', 2]) }],
        ['placeOrder 422 unknown-sku', { json: anOrderOf(['no-such', 1]) }],
      ]);
    });

    it('a product is listed, changed with its version, and bounded', async () => {
      const here = situation();
      const path = { sku: 'tea-new' };
      const listed = { path, json: aProduct(), headers: { 'idempotency-key': randomUUID() } };
      await here.provoke([['putProduct 201 application/json', listed]]);
      await here.provoke([['putProduct 201 application/json', listed]]);
      const { etag } = await here.get('readProduct 200 application/json', { path });
      const seen = { 'if-match': etag };
      const once = () => ({ ...seen, 'idempotency-key': randomUUID() });
      const put = { path, headers: once(), json: aProduct({ price: 200 }) };
      await here.provoke([['putProduct 200 application/json', put]]);
      await here.provoke([
        ['putProduct 200 application/json', put],
        ['putProduct 422 idempotency-key-reused', { ...put, json: aProduct({ price: 1 }) }],
        ['putProduct 428 precondition-required', { path, json: aProduct() }],
        ['adjustStock 200 application/json', { path, json: { delta: 1, reason: 'found' } }],
      ]);
      const keyed = { path, headers: { 'idempotency-key': randomUUID() }, json: { delta: 2, reason: 'found' } };
      await here.provoke([['adjustStock 200 application/json', keyed]]);
      await here.provoke([
        ['adjustStock 200 application/json', keyed],
        ['adjustStock 422 idempotency-key-reused', { ...keyed, json: { delta: 3, reason: 'found' } }],
      ]);
      await here.provoke([
        ['putProduct 412 precondition-failed', { path, json: aProduct({ price: 300 }), headers: seen }],
        ['putProduct 201 application/json', { path: { sku: 'tea-lots' }, json: aProduct({ onHand: LARGEST_STOCK }) }],
      ]);
      const patch = { path, headers: once(), json: { name: 'Tea, green' } };
      await here.provoke([['patchProduct 200 application/json', patch]]);
      await here.provoke([
        ['patchProduct 200 application/json', patch],
        ['patchProduct 422 idempotency-key-reused', { ...patch, json: { name: 'Tea' } }],
        ['patchProduct 412 precondition-failed', { path, json: { price: 300 }, headers: seen }],
      ]);
      const lots = { path: { sku: 'tea-lots' }, json: { delta: 1, reason: 'one more' } };
      await here.provoke([['adjustStock 422 out-of-range', lots]]);
    });

    it('a setting is set, and read', async () => {
      const here = situation();
      const path = { name: 'delivery' };
      const first = { path, headers: { 'idempotency-key': randomUUID() } };
      await here.provoke([['putSetting 201 application/json', first]]);
      await here.provoke([['putSetting 201 application/json', first]]);
      const key = { 'idempotency-key': randomUUID() };
      await here.provoke([['putSetting 200 application/json', { path, headers: key }]]);
      await here.provoke([
        ['putSetting 200 application/json', { path, headers: key }],
        ['putSetting 422 idempotency-key-reused', { path, headers: key, json: { value: 'another text' } }],
      ]);
      const { etag } = await here.get('readSetting 200 application/json', { path });
      await here.provoke([['readSetting 304 nothing', { path, headers: { 'if-none-match': etag } }]]);
    });

    it('a customer is created, changed field by field, and told what has changed meanwhile', async () => {
      const here = situation();
      const path = { customerId: randomUUID() };
      const ada = (change: object = {}) => ({ name: 'Ada', email: 'ada@example.org', ...change });
      const created = { path, headers: { 'idempotency-key': randomUUID() }, json: ada() };
      await here.provoke([['putCustomer 201 application/json', created]]);
      await here.provoke([['putCustomer 201 application/json', created]]);
      const { etag } = await here.get('readCustomer 200 application/json', { path });
      const seen = (key: string = randomUUID()) => ({ 'if-match': etag, 'idempotency-key': key });
      const put = { path, headers: seen(), json: ada({ name: 'Ada L.' }) };
      await here.provoke([['putCustomer 200 application/json', put]]);
      const patch = { path, headers: seen(), json: { phone: '+44 20 7946 0958' } };
      await here.provoke([['patchCustomer 200 application/json', patch]]);
      await here.provoke([
        ['putCustomer 200 application/json', put],
        ['patchCustomer 200 application/json', patch],
        ['putCustomer 422 idempotency-key-reused', { ...put, json: ada({ name: 'Other' }) }],
        ['patchCustomer 422 idempotency-key-reused', { ...patch, json: { phone: null } }],
        ['putCustomer 428 precondition-required', { path, json: ada() }],
        ['patchCustomer 428 precondition-required', { path, headers: { 'if-match': undefined } }],
        ['putCustomer 412 precondition-failed', { path, headers: seen(), json: ada({ name: 'Other' }) }],
        ['patchCustomer 412 precondition-failed', { path, headers: seen(), json: { phone: '+49 30 1234' } }],
        ['placeOrder 422 unknown-customer', { json: { ...anOrderOf(['teapot', 1]), customerId: randomUUID() } }],
      ]);
    });

    it('a parcel is handed over and then delivered, once for each key', async () => {
      const here = situation();
      const { body } = await here.get<{ id: string }>('placeOrder 202 application/json', { json: SAMPLES[0]?.order });
      const path = { orderId: body.id };
      await waitUntil(
        'the order has a shipment',
        async () => (await here.ask('readShipment', { path })).status === 200,
      );
      const seen = async () => ({ 'if-match': (await here.get('readShipment 200 application/json', { path })).etag });
      for (const [move, illegal] of [
        ['handOverShipment', 'deliverShipment'],
        ['deliverShipment', 'handOverShipment'],
      ] as const) {
        const headers = await seen();
        await here.provoke([
          [`${illegal} 409 conflict`, { path, headers }],
          [`${move} 412 precondition-failed`, { path, headers: { 'if-match': '"v999"' } }],
          [`${move} 428 precondition-required`, { path, headers: { 'if-match': undefined } }],
        ]);
        const key = { 'idempotency-key': randomUUID() };
        const once = { path, headers: { ...headers, ...key } };
        await here.provoke([[`${move} 200 application/json`, once]]);
        await here.provoke([
          [`${move} 200 application/json`, once],
          [`${move} 422 idempotency-key-reused`, { path, headers: { ...(await seen()), ...key } }],
        ]);
      }
    });

    it('an order is cancelled, once for each key, and by one change at a time', async () => {
      const here = situation();
      const wait = { json: SAMPLES[0]?.order, headers: { prefer: 'wait=20', 'idempotency-key': randomUUID() } };
      const { body } = await here.get<{ id: string }>('placeOrder 202 application/json', wait);
      const path = { orderId: body.id };
      const seen = async () => ({ 'if-match': (await here.get('readOrder 200 application/json', { path })).etag });
      const key = { 'idempotency-key': randomUUID() };
      const first = { path, headers: { ...(await seen()), ...key } };
      await here.provoke([
        ['cancelOrder 412 precondition-failed', { path, headers: { 'if-match': '"v1"' } }],
        ['cancelOrder 428 precondition-required', { path, headers: { 'if-match': undefined } }],
      ]);
      // Without its saga the order stays CANCELLING.
      here.system.signal('orchestrator', 'SIGSTOP');
      try {
        await here.provoke([['cancelOrder 202 application/json', first]]);
        await here.provoke([
          ['cancelOrder 202 application/json', first],
          ['cancelOrder 409 change-in-progress', { path, headers: await seen() }],
          ['cancelOrder 422 idempotency-key-reused', { headers: key }],
        ]);
      } finally {
        here.system.signal('orchestrator', 'SIGCONT');
      }
      await waitUntil('the order is cancelled', async () => {
        return (
          (await here.get<{ status: string }>('readOrder 200 application/json', { path })).body.status === 'CANCELLED'
        );
      });
      await here.provoke([['cancelOrder 409 too-late', { path, headers: await seen() }]]);
    });

    it('an order whose total cannot be paid at once is refused', async () => {
      const here = situation();
      await here.provoke([
        ['putProduct 201 application/json', { path: { sku: 'gold' }, json: aProduct({ price: LARGEST_PRICE }) }],
        ['putProduct 201 application/json', { path: { sku: 'tea-usd' }, json: aProduct({ currency: 'USD' }) }],
      ]);
      // The order service learns of a product a moment later.
      const refusals = [
        ['placeOrder 422 out-of-range', { json: anOrderOf(['gold', 10_000], ['gold', 10_000]) }],
        ['placeOrder 422 mixed-currencies', { json: anOrderOf(['teapot', 1], ['tea-usd', 1]) }],
      ] as const;
      await waitUntil('the order service knows the products', async () => {
        const answers = await Promise.all(refusals.map(([, change]) => here.ask('placeOrder', change)));
        return answers.every(({ body }) => !JSON.stringify(body).includes('unknown-sku'));
      });
      await here.provoke(refusals);
    });

    it("an event of the provider's is taken in, and refused when it is not signed, contradicts its payment, or meets other writers", async () => {
      const here = situation();
      const { id, amount } = (await here.get<{ id: string; amount: number }>('readPaymentIntent 200 application/json'))
        .body;
      await here.provoke([
        ['receiveWebhook 200 application/json', {}],
        ['receiveWebhook 400 signature-invalid', { headers: { 'stripe-signature': 't=1,v1=00' } }],
        ['receiveWebhook 400 signature-invalid', { headers: { 'stripe-signature': undefined } }],
        ['receiveWebhook 409 conflict', { json: captured(id, amount + 1) }],
      ]);
      const pending = randomUUID();
      // Due in an hour, so that nobody asks the provider for it.
      await here.sql(
        'payment',
        `INSERT INTO payment_intent (id, amount, currency, state, charge_command, attempts, next_attempt_at, created_at, updated_at, version)
         VALUES ($1, 5, 'EUR', $2, $3, 0, now() + interval '1 hour', now(), now(), 1)`,
        [
          pending,
          { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false },
          { id: randomUUID() },
        ],
      );
      await here.whileRefused('payment', ['payment_intent'], '40001', () =>
        here.provoke([['receiveWebhook 503 contended', { json: captured(pending, 5) }]]),
      );
    });
  });
