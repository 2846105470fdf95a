import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import { superuserUrl } from '@backstep/infrastructure';
import { system } from './shared-system.fixture.spec.js';
import type { Answer } from './test-system.fixture.spec.js';

/**
 * Goal: without Kafka an order is accepted and ends once Kafka is back; without the database it is refused with 503 and nothing half
 * done; a participant that is away longer than its timeout is waited for. Method: the whole system, its processes killed for real.
 */
const place = (key: string = randomUUID()): Promise<Answer> =>
  system.api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers: { 'idempotency-key': key } });

const confirmed = (id: unknown): Promise<true> =>
  waitUntil(
    `order ${String(id)} is confirmed`,
    async () => (await system.api('GET', `/v1/orders/${String(id)}`)).body['status'] === 'CONFIRMED',
    120_000,
  );

/** What the order service has committed and Kafka has not taken, and the bytes of the partition that has the most. */
async function piledUp(): Promise<{ readonly messages: number; readonly largest: number }> {
  const client = new pg.Client({ connectionString: system.environment().databases['order'] ?? '' });
  await client.connect();
  try {
    const { rows } = await client.query<{ messages: number; largest: number }>(
      `SELECT sum(messages)::int AS messages, max(bytes)::int AS largest
       FROM (SELECT count(*) AS messages, sum(octet_length(value)) AS bytes FROM outbox GROUP BY shard) AS shards`,
    );
    return rows[0] ?? { messages: 0, largest: 0 };
  } finally {
    await client.end();
  }
}

/** It cannot look, and says at what. */
async function doctorNames(says: RegExp): Promise<void> {
  const { code, stdout, stderr } = await system.backstep('doctor', '--settle', '0');
  expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: '', stderr: expect.stringMatching(says) });
}

export const whenADependencyIsAway = (): void =>
  describe('when a dependency is away', () => {
    describe('while Kafka is away', () => {
      it('orders are accepted while Kafka is away, and end when it is back', async () => {
        await system.kill('kafka', 'SIGKILL');
        await doctorNames(/^Kafka does not answer at \S+\.\n$/);
        const answers = await Promise.all(Array.from({ length: 5 }, () => place()));
        expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
        await system.restart('kafka');
        for (const { body } of answers) await confirmed(body['id']);
      }, 240_000);
    });

    describe('while Kafka holds still', () => {
      /** Kafka's default of `max.message.bytes`: of all that goes to one partition at once. */
      const KAFKA_TAKES_BYTES = 1_048_588;
      const ORDERS = 480;
      const LINES = 100;
      const SKUS = Array.from({ length: 5 }, (_, n) => `parts-${'x'.repeat(52)}-${n}`);
      const AT_ONCE = 24;

      it('orders of a hundred lines are accepted while Kafka holds still, and end when it goes on', async () => {
        const stock = { name: 'Part', currency: 'EUR', price: 1_00, onHand: 1_000_000 };
        for (const sku of SKUS) {
          const { status } = await system.api('PUT', `/v1/products/${sku}`, { body: stock });
          expect(status).toBe(201);
        }
        const items = Array.from({ length: LINES }, (_, n) => ({ sku: SKUS[n % SKUS.length], quantity: 1 }));
        const order = { ...SAMPLES[0]?.order, items };
        const placeLarge = () =>
          system.api('POST', '/v1/orders', { body: order, headers: { 'idempotency-key': randomUUID() } });
        const ids = [
          await waitUntil('the order service knows the products', async () => {
            const { status, body } = await placeLarge();
            return status === 202 && String(body['id']);
          }),
        ];
        await confirmed(ids[0]);

        system.signal('kafka', 'SIGSTOP');
        try {
          let left = ORDERS - ids.length;
          const customer = async (): Promise<void> => {
            while (left-- > 0) {
              const { status, body } = await placeLarge();
              expect(status).toBe(202);
              ids.push(String(body['id']));
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, customer));
          const { messages, largest } = await piledUp();
          expect(messages).toBe(ORDERS - 1);
          expect(largest).toBeGreaterThan(KAFKA_TAKES_BYTES);
        } finally {
          system.signal('kafka', 'SIGCONT');
        }
        expect(ids).toHaveLength(ORDERS);
        for (const id of ids) await confirmed(id);
        expect(await system.backstep('doctor')).toMatchObject({ code: 0 });
      }, 400_000);
    });

    describe('while the database is away', () => {
      it('orders are 503 with Retry-After while the database is away, and their keys place one order later', async () => {
        const key = randomUUID();
        await system.kill('postgres', 'SIGKILL');
        await doctorNames(/^The database of \w+ cannot be read: .*\n$/);
        const refused = await place(key);
        expect(refused).toMatchObject({ status: 503, body: { type: 'urn:backstep:problem:unavailable' } });
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        await system.restart('postgres');
        const accepted = await waitUntil('the order is accepted', async () => {
          const answer = await place(key);
          return answer.status === 202 && answer;
        });
        await confirmed(accepted.body['id']);
      }, 240_000);
    });

    describe('while the payment provider is away', () => {
      it('the doctor names the payment provider that is away, and an order ends when it is back', async () => {
        await system.kill('payment-provider', 'SIGKILL');
        const { body } = await place();
        await doctorNames(/^The payment provider's ledger at http:\S+ cannot be read: .*\n$/);
        await system.restart('payment-provider');
        await confirmed(body['id']);
      }, 240_000);
    });

    describe('while the payment provider holds still', () => {
      /** Older than this is long for a transaction: those of the services last milliseconds. */
      const TRANSACTION_MAX = '1 second';
      const LOOKS = 30;

      it('no transaction is long, and none that does nothing holds a lock, while a charge waits for the provider', async () => {
        const superuser = superuserUrl(system.environment(), system.dir, {});
        const database = new pg.Pool({ connectionString: superuser ?? '', max: 1 });
        system.signal('payment-provider', 'SIGSTOP');
        let id = '';
        try {
          id = String((await place()).body['id']);
          await waitUntil('the charge waits for the provider', async () => {
            const { body } = await system.api('GET', `/v1/payment-intents/${id}`);
            return body['status'] === 'CHARGE_REQUESTED';
          });
          for (let look = 0; look < LOOKS; look++) {
            const { rows } = await database.query(
              `SELECT datname, state, query, now() - xact_start AS age FROM pg_stat_activity
               WHERE datname LIKE 'backstep_%' AND backend_type = 'client backend' AND (
                 xact_start < now() - interval '${TRANSACTION_MAX}' OR
                 state <> 'active' AND EXISTS (SELECT FROM pg_locks AS l WHERE l.pid = pg_stat_activity.pid AND granted))`,
            );
            expect(rows).toEqual([]);
            await database.query(`SELECT pg_sleep(0.1)`);
          }
          expect((await system.api('GET', `/v1/orders/${id}`)).body['status']).toBe('PENDING');
        } finally {
          system.signal('payment-provider', 'SIGCONT');
          await database.end();
        }
        await confirmed(id);
      }, 240_000);
    });

    describe('while the inventory service is away for longer than its timeout', () => {
      it('the command is sent again while inventory is away, and the order is confirmed when it is back', async () => {
        await system.kill('inventory', 'SIGKILL');
        const { body } = await place();
        const id = String(body['id']);
        await waitUntil(
          'the command was sent again',
          async () => {
            const { body: order } = await system.api('GET', `/v1/orders/${id}`);
            const saga = order['saga'] as { steps: { attempts: number }[] } | null;
            return (saga?.steps[0]?.attempts ?? 0) > 1;
          },
          60_000,
        );
        await system.restart('inventory');
        await confirmed(id);
        expect((await system.backstep('doctor')).code).toBe(0);
      }, 240_000);
    });
  });
