import { PARTITIONS } from '@backstep/contracts';
import { partitionOf } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { ask, atBoth, InventoryRows, listed, logOf, urlOf, type Answered } from './races.fixture.spec.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: who writes the same at once gets one effect, a row that a stranger holds stops nobody else, and no version is too large.
 * Method: two inventories, reached through the gateway and directly; one of them dies in the middle; a stranger's transaction in the
 * database.
 */
const TWO_INVENTORIES = 2;
const LARGE_VERSIONS = [1_000_000_000, 2_147_483_647];
const CONFIRMED_WITHIN_SECONDS = 20;

let inventory: InventoryRows;

const orderOf = (sku: string) => ({ ...SAMPLES[0]?.order, items: [{ sku, quantity: 1 }] });

/** Waits for the outcome so many seconds at most. The order service learns of a new product a moment later. */
const place = (sku: string, waitSeconds: number): Promise<Record<string, unknown>> =>
  waitUntil(`an order of ${sku} is accepted`, async () => {
    const headers = { 'idempotency-key': randomUUID(), prefer: `wait=${waitSeconds}` };
    const { status, body } = await system.api('POST', '/v1/orders', { body: orderOf(sku), headers });
    return status === 202 && body;
  });

export const whenWritersRace = (): void =>
  describe('when writers race', () => {
    beforeAll(() => {
      inventory = new InventoryRows();
    });
    afterAll(() => inventory?.end());

    it('fifty equal adjustments with one key at two inventories, one of which dies, adjust once and get one answer', async () => {
      await listed('raced-for');
      const stock = await inventory.hold('raced-for');
      const key = randomUUID();
      const body = { delta: 7, reason: `counted with ${key}` };
      const [gateway, second] = atBoth('/products/raced-for/adjustments');
      /** Whoever is not answered asks again, at the one that lives. */
      const adjust = (at: string): Promise<Answered> =>
        waitUntil('the adjustment is answered', async () => {
          const answer = await ask(at, 'POST', body, { 'idempotency-key': key }).catch(() => undefined);
          at = gateway;
          return answer?.status === 200 && answer;
        });
      const answers = Promise.all(Array.from({ length: 50 }, (_, n) => adjust(n % 2 === 0 ? gateway : second)));
      try {
        await waitUntil(
          'both inventories wait for the row',
          async () => (await inventory.waiting()) === TWO_INVENTORIES,
        );
        // Its statement waits on in the database, and may be the first to go on: for nobody.
        await system.kill('inventory-2', 'SIGKILL');
      } finally {
        await stock.letGo();
      }
      const answered = await answers;
      await system.restart('inventory-2');
      expect(answered.filter(({ replayed }) => replayed).length).toBeGreaterThanOrEqual(49);
      for (const { body: product } of answered) expect(product).toMatchObject({ onHand: 1_007, available: 1_007 });
      expect(await inventory.adjustedFor(body.reason)).toEqual([7]);
      expect((await system.api('GET', '/v1/products/raced-for')).body).toMatchObject({ onHand: 1_007 });
    }, 60_000);

    it('twenty changes of one product with the same If-Match at two inventories: one is made, nineteen are told', async () => {
      await listed('edited-by-all');
      const urls = atBoth('/products/edited-by-all');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          const change = { name: `Name ${n}`, currency: 'EUR', price: 2_00 };
          return ask(urls[n % 2] ?? '', 'PUT', change, { 'if-match': '"v1"' });
        }),
      );
      const made = answers.filter(({ status }) => status === 200);
      expect(made).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
      const { version, name } = (await system.api('GET', '/v1/products/edited-by-all')).body;
      expect({ version, name }).toEqual({ version: 2, name: made[0]?.body['name'] });
    });

    it.each(LARGE_VERSIONS)(
      'a product and its stock at version %i are changed and reserved as others are',
      async (large) => {
        const sku = `often-changed-${large}`;
        await listed(sku);
        await inventory.query('UPDATE product SET version = $2 WHERE sku = $1', [sku, large]);
        await inventory.query('UPDATE stock SET version = $2 WHERE sku = $1', [sku, large]);
        const { headers, body } = await system.api('GET', `/v1/products/${sku}`);
        expect(body).toMatchObject({ version: large });
        const changed = await system.api('PUT', `/v1/products/${sku}`, {
          body: { name: 'Changed once more', currency: 'EUR', price: 3_00 },
          headers: { 'if-match': headers.get('etag') ?? '' },
        });
        expect(changed).toMatchObject({ status: 200, body: { version: large + 1, price: 3_00 } });
        expect(changed.headers.get('etag')).toMatch(`"v${large + 1}.`);
        expect(await place(sku, CONFIRMED_WITHIN_SECONDS)).toMatchObject({ status: 'CONFIRMED' });
        const rows = await inventory.query<{ version: string; reserved: string }>(
          'SELECT version, reserved FROM stock WHERE sku = $1',
          [sku],
        );
        expect(rows.map((row) => [Number(row.version), Number(row.reserved)])).toEqual([[large + 1, 1]]);
      },
    );

    it('a stock that a stranger holds stops the orders that need it until it is free, and no others', async () => {
      await listed('held');
      await place('held', CONFIRMED_WITHIN_SECONDS);
      const names = ['inventory', 'inventory-2'];
      const linesBefore = names.map((name) => logOf(name).length);
      const newLines = () => names.flatMap((name, at) => logOf(name).slice(linesBefore[at]));
      const readiness: number[] = [];
      const stock = await inventory.hold('held');
      let held: Record<string, unknown>;
      try {
        held = await place('held', 0);
        await waitUntil('an inventory says that rows are held', () =>
          newLines().some(({ msg }) => String(msg).startsWith('somebody holds rows')),
        );
        // The messages of its partition come behind it; there are others.
        const heldAt = partitionOf(String(held['id']), PARTITIONS);
        for (let others = 0; others < 3;) {
          const { id } = await place('mug-blue', 0);
          if (partitionOf(String(id), PARTITIONS) === heldAt) continue;
          others++;
          const ended = await waitUntil('an order of another product has ended', async () => {
            const health = await Promise.all(names.map((name) => fetch(`${urlOf(name)}/health/ready`)));
            readiness.push(...health.map(({ status }) => status));
            const { body } = await system.api('GET', `/v1/orders/${String(id)}`);
            return body['status'] !== 'PENDING' && body;
          });
          expect(ended).toMatchObject({ status: 'CONFIRMED' });
        }
        expect((await system.api('GET', `/v1/orders/${String(held['id'])}`)).body).toMatchObject({ status: 'PENDING' });
      } finally {
        await stock.letGo();
      }
      await waitUntil('the order of the held product is confirmed', async () => {
        const { body } = await system.api('GET', `/v1/orders/${String(held['id'])}`);
        return body['status'] === 'CONFIRMED';
      });
      expect(new Set(readiness)).toEqual(new Set([200]));
      expect((await system.api('GET', '/v1/parked')).body['items']).toEqual([]);
      const alarming = newLines().filter(({ msg }) =>
        /database (is away|connection)|waiting for the database|consumption pauses/.test(String(msg)),
      );
      expect(alarming).toEqual([]);
    }, 60_000);

    it('the doctor finds nothing after the races', async () => {
      const { code, stdout } = await system.backstep('doctor');
      expect({ code, found: code === 0 ? '' : stdout }).toEqual({ code: 0, found: '' });
    }, 60_000);
  });
