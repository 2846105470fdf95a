import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@backstep/contracts';
import { createTopics } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import { shareSystem, system } from './shared-system.fixture.spec.js';
import type { Answer } from './test-system.fixture.spec.js';

/**
 * Goal: what Kafka has lost with its disk is told again, to all who did not hear it and for nobody twice: an order whose saga never began
 * gets one, and a copy of the prices that is lost as well is whole again. Method: the whole system; Kafka's disk is deleted and its
 * topics are made anew, then the order service's copy is emptied. What is told again is told soon.
 */
const SOON_MS = '2000';
shareSystem({
  environment: { inventory: { ANNOUNCE_PRODUCTS_EVERY_MS: SOON_MS }, order: { ANNOUNCE_AGAIN_AFTER_MS: SOON_MS } },
});

/** What formatting makes: with only these, the broker is as new. */
const AS_FORMATTED = ['meta.properties', 'bootstrap.checkpoint'];

const place = (): Promise<Answer> =>
  system.api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers: { 'idempotency-key': randomUUID() } });
const confirmed = (id: string): Promise<true> =>
  waitUntil(
    `order ${id} is confirmed`,
    async () => (await system.api('GET', `/v1/orders/${id}`)).body['status'] === 'CONFIRMED',
    120_000,
  );

async function inOrderDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: system.environment().databases['order'] ?? '' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function charges(orderId: string): Promise<unknown[]> {
  const answer = await fetch(`${system.environment().provider}/ledger?orderId=${orderId}`);
  return ((await answer.json()) as { intents: unknown[] }).intents;
}

describe("when Kafka's disk is lost", () => {
  let unheard: string;

  beforeAll(async () => {
    // Kafka has its message and acknowledged it; nobody has read it.
    await system.kill('orchestrator', 'SIGKILL');
    const { status, body } = await place();
    expect(status).toBe(202);
    unheard = String(body['id']);
    await waitUntil('its message is sent', () =>
      inOrderDatabase(async (client) => {
        const { rows } = await client.query('SELECT 1 FROM outbox WHERE key = $1', [unheard]);
        return rows.length === 0;
      }),
    );
    await system.kill('kafka', 'SIGKILL');
    const data = join(system.dir, 'kafka', 'data');
    const lost = (await readdir(data)).filter((name) => !AS_FORMATTED.includes(name));
    expect(lost.length).toBeGreaterThan(TOPICS.length);
    await Promise.all(lost.map((name) => rm(join(data, name), { recursive: true })));
    await system.restart('kafka');
    await createTopics([...system.environment().kafka.brokers], TOPICS);
    await system.restart('orchestrator');
  }, 240_000);

  it('an order whose start event was lost is announced again, and charged once', async () => {
    await confirmed(unheard);
    expect(await charges(unheard)).toHaveLength(1);
  }, 240_000);

  it('an order that is announced again though its saga is under way is charged once', async () => {
    await system.kill('payment-provider', 'SIGKILL');
    const { body } = await place();
    const id = String(body['id']);
    await waitUntil(
      'it was announced again, twice',
      () =>
        inOrderDatabase(async (client) => {
          const { rows } = await client.query('SELECT attempts FROM order_announcement WHERE order_id = $1', [id]);
          return (rows as { attempts: number }[]).some(({ attempts }) => attempts >= 2);
        }),
      60_000,
    );
    await system.restart('payment-provider');
    await confirmed(id);
    expect(await charges(id)).toHaveLength(1);
  }, 240_000);

  it('lost prices are announced again, and an order of such a product is accepted', async () => {
    await inOrderDatabase((client) => client.query('DELETE FROM product_price'));
    const accepted = await waitUntil(
      'the order is accepted',
      async () => {
        const answer = await place();
        return answer.status === 202 && answer;
      },
      60_000,
    );
    await confirmed(String(accepted.body['id']));
    const { code, stdout } = await system.backstep('doctor');
    expect({ code, stdout }).toMatchObject({ code: 0 });
  }, 240_000);
});
