import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { teach } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interruption.js';
import { paint, print, printError, printJson, printJsonLine } from '../shared/output.js';
import type { Contention } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { contentionText } from './render-contention.js';

interface ContentionOptions extends CommonOptions {
  readonly watch?: true;
}

/** How often `--watch` asks again, milliseconds: as often as instances tell. */
const AGAIN_MS = 5_000;

/** `backstep contention`: what writes lose to each other, and which keys are locked for it. */
export function contention(program: Command): void {
  const command = program
    .command('contention')
    .description('show how much the writes of each service lose to each other, and for which keys')
    .option('--watch', 'ask again every five seconds, until Ctrl-C')
    .action(run);
  teach(withCommonOptions(command), ['contention', 'contention --watch']).addHelpText(
    'after',
    `
Of the last minute, all instances of a service together.
  idle       fewer than 100 attempts a minute
  elevated   more than 10 % of them are lost
  high       more than 20 %`,
  );
}

async function run({ watch, ...where }: ContentionOptions): Promise<void> {
  const api = new Api(await gatewayOf(where));
  const signal = untilInterrupted();
  do {
    const found = await api.get<Contention>('/v1/contention');
    if (where.json) (watch ? printJsonLine : printJson)(found);
    else print(contentionText(found, paint));
    if (!where.json && found.unreachable.length > 0)
      printError(`Missing, because it did not answer: ${found.unreachable.join(', ')}`);
    if (watch) await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  } while (watch && !signal.aborted);
}
