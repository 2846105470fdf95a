import { describe, expect, it } from '@jest/globals';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: of a flash sale exactly as many are sold as there are, and each buyer is told, although a process dies in the middle.
 * Method: the demo itself, which compares what buyers are told with the stock, with two inventories.
 */
const BUYERS = 300;

interface Told {
  readonly sold: number;
  readonly soldOut: number;
  readonly otherwise: number;
  readonly waiting: number;
  readonly killed: boolean;
  readonly problems: readonly string[];
}

const hold = async (...args: string[]): Promise<Told> => {
  const { stdout, stderr } = await system.backstep('demo', 'flash-sale', '--buyers', String(BUYERS), '--json', ...args);
  if (!stdout.startsWith('{')) throw new Error(`the demo says ${stderr}`);
  return JSON.parse(stdout) as Told;
};

export const whenAFlashSaleIsHeld = (): void =>
  describe('when a flash sale is held', () => {
    it('the last item is sold once, and every other buyer is told that it is sold out', async () => {
      const told = await hold('--stock', '1');
      expect(told).toMatchObject({ sold: 1, soldOut: BUYERS - 1, otherwise: 0, waiting: 0, problems: [] });
    }, 120_000);

    it('a sale in which one of two inventories is killed sells as many as there are, and tells every buyer', async () => {
      try {
        const told = await hold('--stock', '100', '--kill');
        expect(told).toMatchObject({ sold: 100, soldOut: BUYERS - 100, otherwise: 0, waiting: 0, problems: [] });
        expect(told.killed).toBe(true);
      } finally {
        await system.restart('inventory-2');
      }
    }, 120_000);
  });
