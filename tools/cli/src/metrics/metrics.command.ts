import { defaultDir } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { choiceArgument } from '../shared/arguments.js';
import { teach, UnreachableError } from '../shared/exit-codes.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import { whatRuns } from '../shared/where.js';
import { metricsUrls, scrape, SOURCES } from './scrape.js';
import { metricsText } from './render-metrics.js';
import { readingsOf, type Reading } from './watched.js';

interface MetricsOptions {
  readonly json?: true;
  readonly all?: true;
}

/** `backstep metrics [service]`: the metrics of each service that operators watch. */
export function metrics(program: Command): void {
  const command = program
    .command('metrics')
    .description(
      'show the metrics that operators look at, of each service, and which of them a person should look at now',
    )
    .addArgument(choiceArgument('[service]', 'only those of one', SOURCES))
    .option('--all', 'those that are zero too')
    .option('--json', 'print JSON, for programs')
    .action(run);
  teach(command, ['metrics', 'metrics payment --all', "metrics --json | jq '.items[].look'"]).addHelpText(
    'after',
    `
A count is since the service began; a duration is how often, and how long on average. Of several instances
of a service the first is shown. Prometheus text, of everything: /metrics of each service.`,
  );
}

async function run(service: string | undefined, { json, all }: MetricsOptions): Promise<void> {
  const running = await whatRuns();
  if (Object.keys(running.services).length === 0)
    throw new UnreachableError(
      'The services are containers, and publish no /metrics: let Prometheus ask them inside their network.',
    );
  const urls = await metricsUrls(running, defaultDir());
  const wanted = Object.entries(urls).filter(([name]) => service === undefined || name === service);
  const answers = await Promise.all(wanted.map(async ([name, url]) => ({ name, samples: await scrape(url) })));
  const silent = answers.filter(({ samples }) => samples === undefined).map(({ name }) => name);
  if (silent.length === answers.length) throw new UnreachableError(`No metrics: ${silent.join(', ')} did not answer.`);
  const readings = answers.flatMap(({ name, samples }): readonly Reading[] =>
    samples ? readingsOf(name, samples) : [],
  );
  const shown = all ? readings : readings.filter(({ value }) => value !== 0);
  if (json) printJson({ items: shown, unreachable: silent });
  else print(metricsText(shown, paint));
  if (!json && silent.length > 0) printError(`Missing, because it did not answer: ${silent.join(', ')}`);
}
