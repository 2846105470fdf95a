import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ConfirmOrder, PARTITIONS } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { KafkaPublisher, partitionOf } from '@backstep/kafka';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';
import {
  holdAtPausePoint,
  leaveOneOfEach,
  providerIntents,
  REACHED_WITHIN_MS,
  type Hold,
  type Place,
  type Process,
} from './windows.fixture.spec.js';

/**
 * Goal: whoever dies by `kill -9`, between whichever two durable steps: nothing is lost, nothing happens twice, every accepted order ends.
 * Method: customers who order without a pause, and repeat what was not answered. In each round each process is brought to stand in a
 * window of its own, killed there, and started again. A window that is not reached fails the round: nothing passes by luck.
 */
interface Window extends Place {
  /** A participant that is away until the window is reached: that is what leads into it. */
  readonly silent?: Process;
  /** Commands thrown in that no handler can take: the only way into some windows. */
  readonly poison?: number;
  /** How the process is made to stand there; at a pause point by default. */
  readonly hold?: (window: Window) => Hold | Promise<Hold>;
  /** What is to be seen before the process is back. */
  readonly whileDead?: () => Promise<void>;
}

/** The shop has no lane: `when-workers-are-killed.int.spec.ts` of the lanes kills workers there. */
const OF_THE_KIT_ALONE = ['lane.before-apply'];
/** Services that stand apart hand nothing over: `when-services-hand-over.e2e.spec.ts` kills those that share a process. */
const OF_SHARED_PROCESSES = ['express.before-handing-over', 'express.after-commit'];

/** A process appears once in a round. The timer is in a round with nothing that lies behind the participant it waits for. */
const ROUNDS: readonly (readonly Window[])[] = [
  [
    { name: 'placement.during-commit', dies: 'order', hold: keepFromCommitting },
    { name: 'batch.before-commit', dies: 'inventory' },
    { name: 'payment.before-provider-charge', dies: 'payment' },
    { name: 'outbox.before-publish', dies: 'shipment' },
    { name: 'batch.after-commit', dies: 'orchestrator' },
  ],
  [
    { name: 'placement.after-commit', dies: 'order' },
    { name: 'outbox.after-ack', dies: 'inventory' },
    { name: 'payment.after-provider-charge', dies: 'payment', whileDead: findChargedUnrecorded },
    { name: 'kafka.before-offset-commit', dies: 'shipment' },
  ],
  [
    { name: 'batch.halving', dies: 'order', poison: 2 },
    { name: 'payment.before-provider-refund', dies: 'payment' },
  ],
  [
    { name: 'batch.parking', dies: 'order', poison: 1 },
    { name: 'payment.after-provider-refund', dies: 'payment' },
  ],
  [
    { name: 'placement.before-commit', dies: 'order' },
    { name: 'timer.before-commit', dies: 'orchestrator', silent: 'shipment' },
  ],
];

/** So many that each service has something to do when its window is armed: the rounds are short then. */
const CUSTOMERS = 8;
/** Each customer's, in one round; what is in stock must do for all. */
const ORDERS_MAX = 60;
/** How long a customer waits for the outcome before the next order. */
const PATIENCE_SECONDS = 5;
const FLOWING_WITHIN_MS = 60_000;
const ACCEPTED_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 90_000;

const accepted = new Set<string>();
/** Orders whose customer was told the outcome. */
let outcomes = 0;
const poisoned: string[] = [];
/** Orders that the provider had charged when payment died, before that was recorded. */
const chargedUnrecorded: string[] = [];
let publisher: KafkaPublisher;

/** Places orders until the round is over; a request without an answer is repeated with the same key. */
async function placeOrders(customer: number, closing: AbortSignal): Promise<void> {
  for (let count = 0; count < ORDERS_MAX && !closing.aborted; count++) {
    // Confirmed, refunded, and charged with the answer lost; all of them are shipped or refused after the charge.
    const sample = [SAMPLES[0], SAMPLES[3], SAMPLES[4]][(customer + count) % 3];
    const headers = { 'idempotency-key': randomUUID(), prefer: `wait=${PATIENCE_SECONDS}` };
    const place = async () => {
      const { status, body } = await system.api('POST', '/v1/orders', { body: sample?.order, headers });
      return status === 202 && body;
    };
    const order = await waitUntil('an order is accepted', place, ACCEPTED_WITHIN_MS);
    accepted.add(String(order['id']));
    if (order['status'] !== 'PENDING') outcomes++;
  }
}

async function dieIn(window: Window): Promise<void> {
  const { name, dies, silent, poison = 0, hold = holdAtPausePoint, whileDead } = window;
  if (silent) await system.kill(silent, 'SIGKILL');
  const held = await hold(window);
  try {
    if (poison > 0) await throwIn(poison);
    await waitUntil(`${dies} stands in the window ${name}`, () => held.reached(), REACHED_WITHIN_MS);
    await system.kill(dies, 'SIGKILL');
  } finally {
    await held.release();
  }
  await whileDead?.();
  await Promise.all([dies, ...(silent ? [silent] : [])].map((process) => system.restart(process)));
}

/**
 * Another transaction keeps the statement of a placement from going on until its process is dead: the server does not notice that
 * the client is gone, and commits for nobody.
 */
async function keepFromCommitting({ dies }: Window): Promise<Hold> {
  const database = new pg.Pool({ connectionString: system.environment().databases[dies] });
  const client = await database.connect();
  await client.query('BEGIN; LOCK TABLE idempotency_key IN SHARE MODE');
  return {
    // Not on the same connection: a transaction sees others' activity as it was when it first looked.
    reached: async () => {
      const { rowCount } = await database.query(
        `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE relation = 'idempotency_key'::regclass AND NOT granted AND query LIKE 'WITH %'`,
      );
      return (rowCount ?? 0) > 0;
    },
    release: async () => {
      await client.query('ROLLBACK');
      client.release();
      await database.end();
    },
  };
}

/** The provider has the money, the order is pending, and payment does not know. Their databases say so: others are dead, too. */
async function findChargedUnrecorded(): Promise<void> {
  const requested = await idsIn('payment', `SELECT id FROM payment_intent WHERE status = 'CHARGE_REQUESTED'`);
  const pending = new Set(await idsIn('order', `SELECT id FROM orders WHERE status = 'PENDING'`));
  for (const id of requested) {
    const [charged] = await providerIntents(id);
    if (!charged) continue;
    expect(charged.captured).toBeGreaterThan(0);
    expect({ id, refunded: charged.refunded, isPending: pending.has(id) }).toEqual({
      id,
      refunded: 0,
      isPending: true,
    });
    chargedUnrecorded.push(id);
  }
  expect(chargedUnrecorded).not.toEqual([]);
}

async function idsIn(service: Process, sql: string): Promise<string[]> {
  const database = new pg.Pool({ connectionString: system.environment().databases[service], max: 1 });
  const { rows } = await database.query<{ id: string }>(sql);
  await database.end();
  return rows.map(({ id }) => id);
}

/** Confirmations of orders that do not exist. To one partition with one request, so that they are delivered together. */
async function throwIn(count: number): Promise<void> {
  const orderIds: string[] = [];
  while (orderIds.length < count) {
    const id = newId();
    if (partitionOf(id, PARTITIONS) === 0) orderIds.push(id);
  }
  poisoned.push(...orderIds);
  await publisher.publish(orderIds.map((orderId) => CATALOGUE.encode(aMessage(ConfirmOrder, { orderId }))));
}

export const whenAProcessDiesInAWindow = (): void =>
  describe('a process killed in a window', () => {
    beforeAll(async () => {
      await leaveOneOfEach();
      publisher = new KafkaPublisher({ brokers: system.environment().kafka.brokers, clientId: 'poisoner' });
    });

    afterAll(() => publisher?.disconnect());

    it('every named pause point is tried', () => {
      const page = readFileSync(new URL('../../../../docs/pause-points.md', import.meta.url), 'utf8');
      const named = [...page.matchAll(/^\| `([\w.-]+)`/gm)].map(([, name]) => name);
      const tried = ROUNDS.flat().map(({ name }) => name);
      expect(new Set([...tried, ...OF_THE_KIT_ALONE, ...OF_SHARED_PROCESSES])).toEqual(new Set(named));
    });

    it.each(ROUNDS.map((round) => ({ names: round.map(({ name }) => name).join(', '), round })))(
      'a process killed at a pause point comes back: $names',
      async ({ round }) => {
        const closing = new AbortController();
        const customers = Array.from({ length: CUSTOMERS }, (_, at) => placeOrders(at, closing.signal));
        const before = outcomes;
        const flowing = waitUntil('orders flow', () => outcomes > before, FLOWING_WITHIN_MS);
        const deaths = flowing.then(() => Promise.all(round.map(dieIn))).finally(() => closing.abort());
        await Promise.all([deaths, ...customers]);
      },
      180_000,
    );

    it('every accepted order ends, poisoned messages are parked once, and the doctor finds nothing', async () => {
      expect(accepted.size).toBeGreaterThan(CUSTOMERS * ROUNDS.length);
      const open = new Set(accepted);
      await waitUntil(
        'every accepted order has ended',
        async () => {
          for (const id of open) {
            const { status, body } = await system.api('GET', `/v1/orders/${id}`);
            if (status !== 200 || body['status'] === 'PENDING') return false;
            open.delete(id);
          }
          return true;
        },
        ENDED_WITHIN_MS,
      );
      for (const id of chargedUnrecorded) {
        const { status, total } = (await system.api('GET', `/v1/orders/${id}`)).body;
        const one = { captured: total, refunded: status === 'CONFIRMED' ? 0 : total };
        expect(await providerIntents(id)).toEqual([expect.objectContaining(one)]);
      }
      const parked = (await system.api('GET', '/v1/parked')).body['items'] as { key: string; state: string }[];
      expect(parked.map(({ key, state }) => `${key} ${state}`).sort()).toEqual(
        poisoned.map((key) => `${key} poisoned`).sort(),
      );
      const { code, stdout } = await system.backstep('doctor', '--settle', '60');
      expect({ code, found: code === 0 ? '' : stdout }).toEqual({ code: 0, found: '' });
    }, 180_000);
  });
