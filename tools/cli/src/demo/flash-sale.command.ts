import type { Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';

export interface FlashSaleCommandOptions {
  readonly items: number;
  readonly buyers: number;
  readonly json?: true;
}

const BUYERS = 5_000;

/** `backstep demo flash-sale`: very many buyers, one item, and how each strategy sells it. */
export function flashSaleCommand(demo: Command): void {
  const command = demo
    .command('flash-sale')
    .description('sell one item to thousands of buyers at once, by each strategy of changing one row')
    .option('--items <count>', 'how many there are', wholeNumber(1, 1_000_000), 1)
    .option('--buyers <count>', 'who all come at once', wholeNumber(2, BUYERS), BUYERS)
    .option('--json', 'print JSON, for programs')
    .action(async (options: FlashSaleCommandOptions) => (await import('./flash-sale.js')).holdFlashSale(options));
  teach(
    command,
    ['demo flash-sale', 'demo flash-sale --items 5000', 'demo flash-sale --json | jq .sales'],
    [[EXIT.failed, 'a strategy sold another number than there was; or `none`, which checks nothing, went right']],
  ).addHelpText(
    'after',
    `
It runs on the PostgreSQL that DATABASE_URL names, with a login that may create databases, or else on that of
the running system; in a database of its own, which is dropped afterwards. batch-2 is two instances of the unit of work.`,
  );
}
