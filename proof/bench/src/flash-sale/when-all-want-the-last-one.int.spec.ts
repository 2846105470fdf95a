import { beforeAll, expect, it } from '@jest/globals';
import { requireInfrastructure } from '@backstep/testing';
import { flashSale, FLASH_SALE_STRATEGIES, type Sale } from './flash-sale.js';

/**
 * Goal: of one item, one is sold, and everybody else is told; of as many items as buyers, each is sold once. Without a check, more are sold
 * than there are. Method: each strategy sells to sixty buyers at once, on a real PostgreSQL.
 */
const BUYERS = 60;

let url: string;
beforeAll(() => {
  url = requireInfrastructure().databaseUrl;
});

const saleOf = (items: number): Promise<readonly Sale[]> =>
  flashSale({ url, items, buyers: BUYERS, signal: new AbortController().signal });

it('a flash sale of one item sells one by each strategy that checks, and several by the one that does not', async () => {
  const [none, ...checked] = await saleOf(1);
  expect(none).toMatchObject({ strategy: 'none', isUnsafe: true, isRight: false });
  expect(none?.sold).toBeGreaterThan(1);
  expect(checked.map(({ strategy }) => strategy)).toEqual(FLASH_SALE_STRATEGIES.slice(1));
  for (const sale of checked) expect(sale).toMatchObject({ sold: 1, soldOut: BUYERS - 1, left: 0, isRight: true });
});

it('a flash sale of as many items as buyers sells each once by each strategy that checks', async () => {
  const [none, ...checked] = await saleOf(BUYERS);
  expect(none?.left).toBeGreaterThan(0);
  for (const sale of checked) expect(sale).toMatchObject({ sold: BUYERS, soldOut: 0, left: 0, isRight: true });
});
