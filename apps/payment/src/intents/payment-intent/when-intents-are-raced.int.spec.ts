import { waitUntil } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { PaymentProcesses, type Answered } from './payment-processes.fixture.spec.js';

/**
 * Goal: what is captured is the amount that the intent shows, always, and once.
 * Method: two processes of the payment service, a slow provider. Changes of the amount meet the charge; fifty charges come at once, and the
 * process that has asked the provider is killed before it knows the answer. More rounds: INTENT_ROUNDS=500.
 */
const ROUNDS = Number(process.env['INTENT_ROUNDS'] ?? 30);
const AT_ONCE = 16;
const PATCHES_MAX = 6;
const ROUND_MS = 2_000;
/** Three processes, each of which loads for seconds where nobody else computes. */
const STARTED_WITHIN_MS = 180_000;
let payment: PaymentProcesses;

beforeAll(async () => {
  payment = await PaymentProcesses.start();
}, STARTED_WITHIN_MS);
afterAll(() => payment?.stop());

const created = async (at: number): Promise<string> => {
  const json = { amount: 1_000, currency: 'EUR', paymentMethod: 'pm_card_visa' };
  const { status, body } = await payment.ask(at, 'POST', '', json, { 'idempotency-key': randomUUID() });
  expect(status).toBe(201);
  return String(body['id']);
};

const charge = (at: number, id: string, headers: Record<string, string> = {}): Promise<Answered> =>
  payment.ask(at, 'POST', `/${id}/charge`, {}, { 'idempotency-key': randomUUID(), ...headers });

const patch = (at: number, id: string, amount: number, etag: string): Promise<Answered> =>
  payment.ask(at, 'PATCH', `/${id}`, { amount }, { 'if-match': etag });

/** Somebody who reads again and changes again, until it is too late. */
async function persist(at: number, id: string): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (let n = 0; n < PATCHES_MAX && answers.at(-1)?.status !== 409; n++) {
    const { etag } = await payment.ask(at, 'GET', `/${id}`);
    answers.push(await patch(at, id, 2_000 + n, etag));
  }
  return answers;
}

const settled = (id: string) =>
  waitUntil(`${id} is charged`, async () => {
    const { body } = await payment.ask(0, 'GET', `/${id}`);
    return body['status'] === 'CHARGED' && body;
  });

describe('a change of the amount against the charge', () => {
  it(
    `in ${ROUNDS} rounds: what is captured is the amount of the intent, and who comes late is told`,
    async () => {
      const outcomes = new Map<string, number>();
      const ids: string[] = [];
      const round = async (n: number): Promise<void> => {
        const id = await created(n);
        ids.push(id);
        const [paid, once, ...more] = await Promise.all([
          charge(n, id, n % 3 === 0 ? { 'if-match': '"v1"' } : {}),
          patch(n + 1, id, 1_500, '"v1"'),
          persist(n + 1, id),
        ]);
        for (const { status, type } of [once, ...more.flat()]) {
          const kind = status === 200 ? 'changed' : `${status} ${type}`;
          outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
        }
        expect([202, 412]).toContain(paid.status);
        if (paid.status === 412) expect((await charge(n, id)).status).toBe(202);
      };
      for (let from = 0; from < ROUNDS; from += AT_ONCE)
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, ROUNDS - from) }, (_, n) => round(from + n)));
      const shown = await Promise.all(ids.map(settled));
      const captures = await payment.captures();
      for (const { id, amount, capturedAmount } of shown)
        expect([id, capturedAmount, captures.get(String(id))]).toEqual([id, amount, [amount]]);
      // They did meet: some changes came before the charge, and some after it.
      expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(['409 too-late', 'changed']));
      expect(
        [...outcomes.keys()].filter((kind) => !/^(changed|409 too-late|412 precondition-failed)$/.test(kind)),
      ).toEqual([]);
    },
    30_000 + ROUNDS * ROUND_MS,
  );
});

describe('fifty charges at once', () => {
  it('fifty charges at once, and kill -9 of the process that has asked the provider: one capture', async () => {
    const id = await created(0);
    const key = { 'idempotency-key': randomUUID() };
    const carriedOut = new Promise<number>((resolve) => {
      for (const [at, { road }] of payment.instances.entries()) {
        // The answer never comes.
        road.onCarriedOut = () => {
          resolve(at);
          return new Promise(() => undefined);
        };
      }
    });
    const asked = Array.from({ length: 50 }, (_, n) => charge(n, id, n % 2 === 0 ? key : {}).catch(() => undefined));
    const dead = await carriedOut;
    await payment.kill(dead);
    for (const { road } of payment.instances) road.onCarriedOut = undefined;
    const alive = 1 - dead;
    const answers = (await Promise.all(asked)).filter((answer) => answer !== undefined);
    for (const { status, type } of answers)
      expect(status === 202 || (status === 409 && type === 'too-late')).toBe(true);
    expect(answers.filter(({ status, replayed }) => status === 202 && !replayed).length).toBeLessThanOrEqual(1);
    // The lease of the dead one is over.
    await payment.database.pool.query(
      `WITH over AS (UPDATE named_lock SET until = now() - interval '1 second' WHERE name = 'payment/' || $1)
       UPDATE payment_intent SET next_attempt_at = now() WHERE id = $1::text::uuid`,
      [id],
    );
    const shown = await waitUntil('the intent is charged', async () => {
      const { body } = await payment.ask(alive, 'GET', `/${id}`);
      return body['status'] === 'CHARGED' && body;
    });
    expect(shown).toMatchObject({ capturedAmount: 1_000, attempts: 2 });
    expect((await payment.captures()).get(id)).toEqual([1_000]);
    expect((await charge(alive, id)).type).toBe('too-late');
  }, 60_000);
});
