import { defaultDir, TOLD_BY } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { isWholeId, wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { count } from '../shared/count.js';
import { CliError, EXIT, teach, UnreachableError } from '../shared/exit-codes.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import { OnlyGatewayError, whatRunsBehind, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { aboutId, type About } from './ids-of.js';
import { hasLogs, linesWith } from './read-logs.js';
import { logLineText } from './render-logs.js';

const LIMIT_MAX = 10_000;

interface LogsOptions extends CommonOptions {
  readonly limit: number;
}

/** `backstep logs <id>`: what the services logged of an order or a saga, in order of time. */
export function logs(program: Command): void {
  const command = program
    .command('logs')
    .description("show the services' log lines about an order or a saga, in order of time")
    .addArgument(idArgument('<id>', "the order's id or the saga's, or its end", ['order', 'saga']))
    .option('--limit <count>', 'how many of the latest', wholeNumber(1, LIMIT_MAX), 200)
    .action(run);
  teach(
    withCommonOptions(command),
    ['logs 6a2c8f1d7b40', "logs 6a2c8f1d7b40 --json | jq '.items[].msg'"],
    [[EXIT.notFound, 'there is no such order or saga, and no line about it']],
  ).addHelpText(
    'after',
    `
An order that goes well leaves few lines: LOG_LEVEL=debug says more.
Under npm start the logs are files in .backstep/logs/; containers have theirs in docker compose logs.`,
  );
}

async function run(given: string, { limit, ...where }: LogsOptions): Promise<void> {
  const about = await whoseLogs(given, where);
  const { lines, dropped } = await linesWith(defaultDir(), about.words, limit);
  if (lines.length === 0 && about.words.length === 1)
    throw new CliError(`There is no order and no saga ${about.id}, and no line about it.`, EXIT.notFound);
  if (where.json) return printJson({ items: lines.map(({ fields, ...line }) => ({ ...line, ...fields })) });
  for (const line of lines) print(logLineText(line, paint));
  if (lines.length === 0) print('Nothing was logged about it: what goes well is told with LOG_LEVEL=debug.');
  if (dropped > 0)
    printError(`There ${dropped === 1 ? 'is' : 'are'} ${count(dropped, 'earlier line')}: --limit shows more.`);
}

/** @throws UnreachableError when the logs are not files of this machine */
async function whoseLogs(given: string, where: CommonOptions): Promise<About> {
  if (TOLD_BY.some((name) => name.endsWith('_DATABASE_URL') && process.env[name])) throw inContainers(given);
  try {
    const running = await whatRunsBehind(where);
    if (Object.keys(running.services).length === 0) throw inContainers(given);
    return await aboutId(new Api(running.gateway), given);
  } catch (error) {
    if (error instanceof OnlyGatewayError)
      throw new UnreachableError(`The logs of ${where.gateway} are where it runs: it is not what runs here.`, {
        cause: error,
      });
    // Ended processes have left their logs.
    if (!(error instanceof UnreachableError) || error instanceof LogsElsewhereError) throw error;
    if (!isWholeId(given) || !hasLogs(defaultDir())) throw error;
    return { id: given, words: [given] };
  }
}

class LogsElsewhereError extends UnreachableError {}

const inContainers = (id: string): UnreachableError =>
  new LogsElsewhereError(
    `The services are containers, and their logs are the engine's: docker compose logs --no-log-prefix | grep ${id}`,
  );
