import { waitUntil } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ask, InventoryRows, listed, urlOf, type Answered } from './races.fixture.spec.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: one key has one effect whichever gateway is asked, and whoever loses its gateway gets the answer of that effect from another one.
 * Method: two gateways; a stranger holds the row, so that nobody is answered before one of them is killed (kill -9).
 */
const AT_ONCE = 50;

let inventory: InventoryRows;

export const whenAGatewayDiesInTheMiddle = (): void =>
  describe('when a gateway dies in the middle', () => {
    beforeAll(() => {
      inventory = new InventoryRows();
    });
    afterAll(() => inventory?.end());

    it('fifty equal adjustments with one key at two gateways, one of which is killed, adjust once, and who is cut off gets the replay', async () => {
      await listed('cut-off');
      const headers = { 'idempotency-key': randomUUID() };
      const body = { delta: 7, reason: `counted with ${headers['idempotency-key']}` };
      const cutOff: Answered[] = [];
      const adjustAt = (gateway: string): Promise<Answered> =>
        ask(`${gateway}/v1/products/cut-off/adjustments`, 'POST', body, headers);
      const adjust = async (gateway: string): Promise<Answered> => {
        const answered = await adjustAt(gateway).catch(() => undefined);
        if (answered) return answered;
        const again = await adjustAt(system.gatewayUrl);
        cutOff.push(again);
        return again;
      };
      const gateways = [system.gatewayUrl, urlOf('gateway-2')];
      const stock = await inventory.hold('cut-off');
      const answers = Promise.all(Array.from({ length: AT_ONCE }, (_, n) => adjust(gateways[n % 2] ?? '')));
      try {
        await waitUntil('the inventory waits for the row', async () => (await inventory.waiting()) === 1);
        await system.kill('gateway-2', 'SIGKILL');
      } finally {
        await stock.letGo();
      }
      const answered = await answers;
      await system.restart('gateway-2');
      for (const { status, body: product } of answered)
        expect({ status, ...product }).toMatchObject({ status: 200, onHand: 1_007, available: 1_007, version: 1 });
      expect(cutOff).toHaveLength(AT_ONCE / 2);
      expect(cutOff.every(({ replayed }) => replayed)).toBe(true);
      // The one that was carried out may have been cut off, too.
      expect(answered.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
      expect(await inventory.adjustedFor(body.reason)).toEqual([7]);
      expect((await system.api('GET', '/v1/products/cut-off')).body).toMatchObject({ onHand: 1_007 });
    }, 60_000);
  });
