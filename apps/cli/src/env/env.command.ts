import { defaultDir, readRun, starterRuns, type RunningEnvironment } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { UnreachableError } from '../shared/exit-codes.js';

/** `backstep env`: where everything listens, for people and, with `--json`, for programs. */
export function env(program: Command): void {
  program
    .command('env')
    .description('show what is running: addresses, databases, topics, processes')
    .option('--json', 'one JSON object')
    .action(({ json }: { json?: true }) => {
      const environment = runningEnvironment();
      console.log(json ? JSON.stringify(environment, null, 2) : asText(environment));
    });
}

/** @throws UnreachableError when nothing is up. */
export function runningEnvironment(): RunningEnvironment {
  const run = readRun(defaultDir());
  if (!run || !starterRuns(run)) throw new UnreachableError('Backstep is not running: start it with `npm start`.');
  if (!run.environment) throw new UnreachableError('Backstep is still starting: try again in a moment.');
  return run.environment;
}

/** @returns one line per thing that runs; databases with the URL their own service logs in with. */
export function asText(environment: RunningEnvironment): string {
  const { gateway, provider, services, databases, kafka, processes } = environment;
  const pids = (name: string): string => `pid ${processes[name]?.join(', ') ?? ''}`;
  const rows: [string, string, string][] = [
    ['gateway', gateway, pids('gateway')],
    ...Object.entries(services).map(([name, url]): [string, string, string] => [name, url, pids(name)]),
    ['payment-provider', provider, pids('payment-provider')],
    ['kafka', kafka.brokers.join(','), environment.topics.join(' ')],
    ...Object.entries(databases).map(([name, url]): [string, string, string] => [`${name} database`, url, '']),
  ];
  return rows.map(([name, where, more]) => `${name.padEnd(24)}${where}  ${more}`.trimEnd()).join('\n');
}
