import { waitUntil } from '@backstep/testing';
import { describe, expect, it } from '@jest/globals';
import { ask, atBoth, listed } from './races.fixture.spec.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: a row that all want is told as locked while they want it, and no longer. Method: two inventories, reached through the gateway and
 * directly, adjust one stock without a pause. How soon it is locked is measured by `npm run bench -- adaptive`.
 */
const SKU = 'wanted-by-all';
const CLIENTS = 16;

interface Told {
  readonly services: readonly {
    readonly service: string;
    readonly hottest: readonly { readonly entity: string; readonly key: string; readonly strategy: string }[];
  }[];
}

/** Whether the gateway says of this stock that whoever wants it locks it. */
async function isToldAsLocked(): Promise<boolean> {
  const { services } = (await system.api('GET', '/v1/contention')).body as unknown as Told;
  const hottest = services.find(({ service }) => service === 'inventory')?.hottest ?? [];
  return hottest.some(({ entity, key, strategy }) => entity === 'Stock' && key === SKU && strategy === 'locked');
}

export const whenAllWantOneRow = (): void =>
  describe('when all want one row', () => {
    it('a stock that two inventories adjust without a pause is told as locked while they do, and each adjustment counts', async () => {
      await listed(SKU);
      const urls = atBoth(`/products/${SKU}/adjustments`);
      const body = { delta: 1, reason: 'wanted' };
      let isOver = false;
      let done = 0;
      const adjust = async (_: unknown, client: number): Promise<void> => {
        while (!isOver) {
          expect(await ask(urls[client % 2] ?? '', 'POST', body)).toMatchObject({ status: 200 });
          done++;
        }
      };
      const load = Promise.all(Array.from({ length: CLIENTS }, adjust));
      try {
        await waitUntil('it is told as locked', isToldAsLocked);
      } finally {
        isOver = true;
        await load;
      }
      expect((await system.api('GET', `/v1/products/${SKU}`)).body).toMatchObject({ onHand: 1_000 + done });
    }, 60_000);
  });

/** Some chapters later, as an instance tells only so often what it has counted. */
export const whenNobodyWantsItAnyMore = (): void =>
  describe('when nobody wants that row any more', () => {
    it('a stock that all wanted is told as locked no longer', async () => {
      await waitUntil('it is told as optimistic, or not at all', async () => !(await isToldAsLocked()));
    }, 60_000);
  });
