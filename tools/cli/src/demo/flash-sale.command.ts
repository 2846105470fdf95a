import type { Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { withCommonOptions, type CommonOptions } from '../shared/where.js';

export interface FlashSaleOptions extends CommonOptions {
  readonly stock: number;
  readonly buyers: number;
  readonly kill?: true;
  readonly compare?: true;
}

const BUYERS = 5_000;

/** `backstep demo flash-sale`: very many buyers and one item, through the gateway; or by each strategy of changing one row. */
export function flashSaleCommand(demo: Command): void {
  const command = demo
    .command('flash-sale')
    .description('sell one item to thousands of buyers at once, through the gateway, and count who got what')
    .option('--stock <count>', 'how many there are', wholeNumber(1, 1_000_000), 1)
    .option('--buyers <count>', 'who all come at once', wholeNumber(2, BUYERS), BUYERS)
    .option('--kill', 'kill -9 one process of the inventory service in the middle')
    .option('--compare', 'instead: the same sale by each strategy, on PostgreSQL alone')
    .action(run);
  teach(
    withCommonOptions(command),
    ['demo flash-sale', 'demo flash-sale --stock 500 --kill', 'demo flash-sale --compare --stock 5000'],
    [
      [
        EXIT.failed,
        'another number was sold than there was, or a buyer was told nothing; with --compare: or `none`, which checks nothing, went right',
      ],
    ],
  ).addHelpText(
    'after',
    `
With --compare it runs on the PostgreSQL that DATABASE_URL names, with a login that may create databases, or else on
that of the running system; in a database of its own, which is dropped afterwards. batch-2 is two instances of the unit of work.`,
  );
}

async function run(options: FlashSaleOptions): Promise<void> {
  if (!options.compare) return (await import('./hold-sale.js')).holdSale(options);
  if (options.kill) throw new UsageError('--kill is for a sale through the gateway: leave out --compare or --kill.');
  await (await import('./compare-strategies.js')).compareStrategies(options);
}
