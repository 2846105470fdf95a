import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OutcomeUnknownError, UnexpectedAnswerError } from './payment-provider.js';
import { OneCall } from './one-call.js';
import { http, RogueProvider } from './rogue-provider.fixture.spec.js';
import { StripeProvider } from './stripe-provider.js';

/**
 * Goal: whatever a provider sends, or does not send, a call ends within its deadline, as an outcome only if the answer is one to what
 * was asked. Method: the real adapter, with Stripe's package, against a server on loopback that sends any bytes.
 */
const DEADLINE_MS = 500;
/** What a busy machine may add, milliseconds. */
const SLACK_MS = 1_000;
const SECRET = 'sk_test_secret';
let rogue: RogueProvider;
let provider: StripeProvider;

beforeAll(async () => {
  rogue = await RogueProvider.start();
  provider = new StripeProvider({ apiBase: rogue.url, secretKey: SECRET, connectionsMax: 4, deadlineMs: DEADLINE_MS });
});
afterAll(() => {
  provider.close();
  rogue.stop();
});

const ORDER = newId();
const MONEY = { amount: 4200, currency: 'EUR' };
const CHARGE = {
  ...{ paymentIntentId: ORDER, orderId: ORDER, chargeId: undefined, key: `charge:${ORDER}` },
  ...{ ...MONEY, paymentMethod: 'pm_card_visa' },
};
const REFUND = { key: `refund:${ORDER}`, providerReference: 'pi_1', ...MONEY, isWhole: true, takesRest: true };
const intent = (changes: object = {}) => ({
  id: 'pi_1',
  object: 'payment_intent',
  amount: 4200,
  amount_received: 4200,
  currency: 'eur',
  metadata: { orderId: CHARGE.paymentIntentId, paymentIntentId: CHARGE.paymentIntentId },
  status: 'succeeded',
  ...changes,
});
const refund = (changes: object = {}) => ({
  id: 're_1',
  object: 'refund',
  amount: 4200,
  currency: 'eur',
  payment_intent: 'pi_1',
  status: 'succeeded',
  ...changes,
});
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  http(status, JSON.stringify(body), headers);
const cardError = (changes: object = {}) => ({
  error: { type: 'card_error', code: 'card_declined', decline_code: 'lost_card', message: 'No.', ...changes },
});

async function timed<T>(call: Promise<T>): Promise<{ outcome: T | Error; ms: number }> {
  const began = performance.now();
  const outcome = await call.catch((error: unknown) => error as Error);
  return { outcome, ms: performance.now() - began };
}

async function charged(answer: Buffer | ((socket: Socket, body: URLSearchParams) => void)) {
  rogue.plays((socket, body) => (typeof answer === 'function' ? answer(socket, body) : void socket.write(answer)));
  return timed(provider.charge(CHARGE));
}

describe('a charge is captured', () => {
  it('a charge is captured when the answer fits the request', async () => {
    const { outcome } = await charged(json(200, intent()));
    expect(outcome).toEqual({ kind: 'captured', providerReference: 'pi_1' });
  });

  it.each([
    [
      'sent byte by byte, in time',
      (socket: Socket) => [...json(200, intent())].forEach((b) => socket.write(Buffer.of(b))),
    ],
    ['with a wrong content type', http(200, JSON.stringify(intent()), { 'content-type': 'text/html' })],
    ['with a note to be printed', json(200, intent(), { 'stripe-notice': 'buy now' })],
    ['after early hints', Buffer.concat([Buffer.from('HTTP/1.1 103 Early\r\nlink: x\r\n\r\n'), json(200, intent())])],
    ['with a field that the package sets itself', json(200, intent({ lastResponse: 1, error: null, constructor: 1 }))],
  ])('a charge is captured when the answer comes %s', async (_, answer) => {
    const warned: unknown[] = [];
    const listen = (warning: unknown): void => void warned.push(warning);
    process.on('warning', listen);
    expect((await charged(answer)).outcome).toEqual({ kind: 'captured', providerReference: 'pi_1' });
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });

  it('a charge in processing is captured when a second request finds it succeeded, within one deadline', async () => {
    const answers = [json(200, intent({ status: 'processing', amount_received: 0 })), json(200, intent())];
    const { outcome } = await charged((socket) => void socket.write(answers.shift() ?? ''));
    expect(outcome).toEqual({ kind: 'captured', providerReference: 'pi_1' });

    const { outcome: silent, ms } = await charged((socket) => {
      if (rogue.requests === 1)
        setTimeout(() => socket.write(json(200, intent({ status: 'processing' }))), DEADLINE_MS / 2);
    });
    expect(silent).toBeInstanceOf(OutcomeUnknownError);
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    expect(rogue.requests).toBe(2);
  });
});

describe('one deadline ends', () => {
  const body = JSON.stringify(intent());
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
  const drip = (text: string) => (socket: Socket) => {
    let at = 0;
    rogue.repeatedly(socket, 20, () => socket.write(text[at++] ?? ''));
  };
  it.each([
    ['silence', () => undefined],
    ['headers, a byte at a time', drip(head + body)],
    [
      'a body, a byte at a time',
      (socket: Socket) => {
        socket.write(head);
        drip(body)(socket);
      },
    ],
    ['a body that stops before its end', (socket: Socket) => void socket.write(head + body.slice(0, -1))],
    [
      'chunks without end',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        rogue.repeatedly(socket, 20, () => socket.write('1\r\n \r\n'));
      },
    ],
    [
      'hints without end',
      (socket: Socket) => rogue.repeatedly(socket, 20, () => socket.write('HTTP/1.1 103 E\r\n\r\n')),
    ],
    [
      'headers without end',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        rogue.repeatedly(socket, 20, () => socket.write('x: y\r\n'));
      },
    ],
  ])('one deadline ends the wait for an answer that is: %s', async (_, answer) => {
    const { outcome, ms } = await charged(answer);
    expect(outcome).toBeInstanceOf(OutcomeUnknownError);
    expect(String(outcome)).toContain('timeout');
    expect(ms).toBeGreaterThan(DEADLINE_MS - 50);
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    expect(rogue.requests).toBe(1);
  });

  it('the deadline includes the wait for a connection: a request that waited too long is not sent', async () => {
    const calls = new OneCall({ origin: rogue.url, connectionsMax: 4, connectWithinMs: DEADLINE_MS });
    const ask = (deadlineMs: number) =>
      timed(calls.makeRequest('', '', '/v1/refunds', 'POST', { 'content-length': 0 }, '', 'http', deadlineMs));
    rogue.plays(() => undefined);
    const holding = Array.from({ length: 4 }, () => ask(2 * DEADLINE_MS));
    await waitUntil('all connections are in use', () => rogue.requests === 4);
    for (const { outcome, ms } of await Promise.all(Array.from({ length: 5 }, () => ask(DEADLINE_MS / 5)))) {
      expect(outcome).toBeInstanceOf(Error);
      expect(ms).toBeLessThan(DEADLINE_MS / 5 + SLACK_MS);
    }
    await Promise.all(holding);
    expect(rogue.requests).toBe(4);

    rogue.plays((socket) => void socket.write(json(200, refund())));
    expect((await ask(2 * DEADLINE_MS)).outcome).not.toBeInstanceOf(Error);
    expect(rogue.requests).toBe(1);
    calls.close();
  });
});

describe('no answer, and no outcome, is', () => {
  const big = JSON.stringify(intent({ description: 'x'.repeat(1024 * 1024) }));
  it.each([
    ['text', http(200, 'OK')],
    ['a page', http(200, '<html>Bad gateway</html>', { 'content-type': 'text/html' })],
    ['nothing', http(200, '')],
    ['half a JSON object', http(200, '{"id":"pi_1"')],
    ...['null', '1', 'true', '"pi_1"', '[]'].map((text): [string, Buffer] => [`JSON that is ${text}`, http(200, text)]),
    ['204', Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')],
    ...[201, 202, 206, 300, 301, 302, 307, 308].map((status): [string, Buffer] => [
      `${status} with the payment`,
      json(status, intent(), { location: '/v1/elsewhere' }),
    ]),
    ...[400, 402, 500].map((status): [string, Buffer] => [`${status} with the payment`, json(status, intent())]),
    ['200 with an error', json(200, cardError())],
    ['200 with an error and the payment', json(200, { ...intent(), ...cardError() })],
    ['402 with a text for an error', json(402, { error: 'card_declined' })],
    ['402 of somebody else', json(402, cardError({ type: 'payment_required' }))],
    ['402 without a type', json(402, cardError({ type: null }))],
    ['400 of somebody else', json(400, { error: { type: 'api_error', code: 'parameter_missing' } })],
    ['400 for a key used otherwise', json(400, { error: { type: 'idempotency_error' } })],
    ['404 at a wrong address', json(404, { error: { type: 'invalid_request_error' } })],
    ...[401, 403, 405, 409, 410, 418, 421, 429, 451, 499, 500, 503, 599].map((status): [string, Buffer] => [
      `${status}, come again in ten years`,
      json(status, cardError(), { 'retry-after': '315360000', 'stripe-should-retry': 'true' }),
    ]),
    ['999', json(999, cardError({}))],
    ['more than a MB', http(200, big)],
    ['a MB of errors', json(402, cardError({ message: 'x'.repeat(1024 * 1024) }))],
    ['what opens to a GB', http(200, gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' })],
    ['headers of 20 KB', json(200, intent(), { 'x-long': 'x'.repeat(20_000) })],
    ['no HTTP', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['HTTP with two lengths', json(200, intent(), { 'content-length': '5, 6' })],
    ['a switch of protocols', Buffer.from('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')],
    ['a closed connection', (socket: Socket) => void socket.end()],
    ['a connection closed in the body', (socket: Socket) => void socket.end(json(200, intent()).subarray(0, -1))],
    ['a reset connection', (socket: Socket) => void socket.resetAndDestroy()],
  ])('an answer that is no answer leaves the outcome unknown: %s', async (_, answer) => {
    const { outcome, ms } = await charged(answer);
    expect(outcome).toBeInstanceOf(OutcomeUnknownError);
    expect(ms).toBeLessThan(DEADLINE_MS);
    expect(rogue.requests).toBe(1);
    expect((await charged(json(200, intent()))).outcome).toMatchObject({ kind: 'captured' });
  });
});

describe('not an answer to what was asked is', () => {
  it.each([
    ['another payment', { metadata: { orderId: newId(), paymentIntentId: newId() } }, 'payment'],
    ['a payment of nobody', { metadata: null }, 'payment undefined'],
    ['a further charge', { metadata: { ...intent().metadata, chargeId: 'c' } }, 'charge c, not the first'],
    ['less', { amount: 4100, amount_received: 4100 }, 'amount 4100, not 4200'],
    ['a negative amount', { amount: -4200, amount_received: -4200 }, 'amount -4200'],
    ['an amount in words', { amount: '4200' }, 'amount 4200'],
    ['another currency', { currency: 'usd' }, 'currency usd, not EUR'],
    ['only a part received', { amount_received: 100 }, 'amount received 100'],
    ...['requires_action', 'requires_capture', 'requires_payment_method', 'canceled', '', 7].map(
      (status): [string, object, string] => [`status ${status}`, { status }, `status ${status}, not succeeded`],
    ),
    ['an id that is none', { id: 'pi_1\u0000' }, 'id pi_1\ufffd, not'],
    ['a path for an id', { id: '../../v1/refunds' }, 'id ../../v1/refunds'],
    ['a long id', { id: `pi_${'1'.repeat(300)}` }, 'id pi_1111'],
    ['an object for an id', { id: { toString: 1 } }, 'id object'],
  ])('an answer about something else leaves the outcome unknown: %s', async (_, changes, what) => {
    const { outcome } = await charged(json(200, intent(changes)));
    expect(outcome).toBeInstanceOf(UnexpectedAnswerError);
    expect(String(outcome)).toContain(`the provider's answer has ${what}`);
  });

  it.each([
    ['a refusal that shows money taken', intent()],
    ['a refusal of another payment', intent({ status: 'requires_payment_method', amount_received: 0, metadata: {} })],
    ['a refusal of another amount', intent({ status: 'requires_payment_method', amount_received: 0, amount: 1 })],
  ])('a refusal that contradicts itself leaves the outcome unknown: %s', async (_, shown) => {
    const { outcome } = await charged(json(402, cardError({ payment_intent: shown })));
    expect(outcome).toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('a refusal is kept in words that can be stored', () => {
  it.each([
    ['as they are', {}, 'lost_card', 'No.'],
    [
      'without codes',
      { code: null, decline_code: undefined, message: null },
      'card_declined',
      'The card was declined.',
    ],
    ['with codes that are none', { code: { a: 1 }, decline_code: 'a\u0000b c' }, 'card_declined', 'No.'],
    ['with long ones', { decline_code: 'x'.repeat(101), message: 'x'.repeat(9_000) }, 'card_declined', 'x'.repeat(500)],
    ['with what no database takes', { message: 'a\u0000b\ud800c\u202ed' }, 'lost_card', 'a\ufffdb\ufffdc\ufffdd'],
    ['cut within a character', { message: `${'x'.repeat(499)}😀` }, 'lost_card', `${'x'.repeat(499)}\ufffd`],
    ['that quote our key', { message: `Bearer ${SECRET}, pm_card_visa` }, 'lost_card', 'Bearer ***, ***'],
  ])('a refusal is kept in words that can be stored: %s', async (_, changes, reason, message) => {
    const { outcome } = await charged(json(402, cardError(changes)));
    expect(outcome).toEqual({ kind: 'refused', failure: { reason, message } });
  });

  it('the reason of an unknown outcome is kept in words that can be stored', async () => {
    const message = `${SECRET}\u0000${'x'.repeat(9_000)}`;
    const { outcome } = await charged(json(500, { error: { type: 'api_error', message } }));
    expect((outcome as Error).message).toBe(`500: ***\ufffd${'x'.repeat(296)}`);
  });
});

describe('a refund', () => {
  const refunded = async (answer: Buffer) => {
    rogue.plays((socket) => void socket.write(answer));
    return (await timed(provider.refund(REFUND))).outcome;
  };

  it.each([
    ['made', json(200, refund())],
    ['taken on', json(200, refund({ status: 'pending' }))],
    ['made before', json(400, { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } })],
  ])('a refund is %s', async (_, answer) => {
    expect(await refunded(answer)).toEqual({ kind: 'refunded', providerReference: 'pi_1' });
  });

  it.each([
    ['of another payment', { payment_intent: 'pi_2' }],
    ['of less', { amount: 100 }],
    ['of more', { amount: 9999 }],
    ['in another currency', { currency: 'usd' }],
    ['that failed', { status: 'failed' }],
    ['that a person must allow', { status: 'requires_action' }],
    ['without a status', { status: null }],
  ])('a refund is not done: %s', async (_, changes) => {
    expect(await refunded(json(200, refund(changes)))).toBeInstanceOf(UnexpectedAnswerError);
  });

  it.each([
    ['refused', json(402, cardError())],
    ['more than is left', json(400, { error: { type: 'invalid_request_error', param: 'amount' } })],
    ['not known', json(404, { error: { type: 'invalid_request_error', code: 'resource_missing' } })],
    ['said to be made by somebody else', json(500, { error: { code: 'charge_already_refunded' } })],
  ])('a refund is requested again: %s', async (_, answer) => {
    const outcome = await refunded(answer);
    expect(outcome).toBeInstanceOf(OutcomeUnknownError);
    expect(outcome).not.toBeInstanceOf(UnexpectedAnswerError);
  });
});
