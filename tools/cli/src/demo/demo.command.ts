import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { consoleReport } from '../shared/console-report.js';
import { EXIT, teach, UnreachableError } from '../shared/exit-codes.js';
import { print, printError, printJson } from '../shared/output.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { flashSaleCommand } from './flash-sale.command.js';
import { insist, isAway } from './insist.js';
import { SAMPLES } from './samples.js';
import { showAround } from './show-around.js';

/** Containers that have just been made: databases are migrated, consumer groups form. */
const READY_WITHIN_MS = 120_000;

/** `backstep demo`: one order of every kind on a running system, each compared with the end that it must have. */
export function demo(program: Command): void {
  const command = program
    .command('demo')
    .description('list the sample products, place the sample orders, and check how each ends')
    .action(run);
  teach(
    withCommonOptions(command),
    ['demo', 'demo --gateway http://127.0.0.1:3000', 'demo --json | jq .problems'],
    [[EXIT.failed, 'a sample order did not end as it must; each is named']],
  ).addHelpText(
    'after',
    '\nWith --json, progress goes to stderr. It may run again and again: orders are added, products are not.',
  );
  flashSaleCommand(command);
}

async function run({ json, ...where }: CommonOptions): Promise<void> {
  const since = Date.now();
  const report = consoleReport(json ? printError : print);
  const api = new Api(await gatewayOf(where));
  await report.step(`gateway ${api.gateway}`, () => untilReady(api));
  const { outcomes, problems } = await showAround(api, { samples: SAMPLES, report, since });
  const asTheyMust = problems.length === 0;
  if (json) printJson({ gateway: api.gateway, asTheyMust, problems, outcomes });
  else if (asTheyMust) print('\nAll ended as they must.');
  process.exitCode = asTheyMust ? EXIT.ok : EXIT.failed;
}

/** @throws UnreachableError */
async function untilReady(api: Api): Promise<void> {
  try {
    await insist({ withinMs: READY_WITHIN_MS, mayChange: isAway }, () => api.get('/health/ready'));
  } catch (cause) {
    const message = `The gateway was not ready within ${READY_WITHIN_MS / 1_000} s: ${(cause as Error).message}`;
    throw isAway(cause) ? new UnreachableError(message, { cause }) : cause;
  }
}
