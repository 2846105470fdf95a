import type { RunningEnvironment } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { teach } from '../shared/exit-codes.js';
import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { whatRuns } from '../shared/where.js';
import { withoutSecrets } from './without-secrets.js';
import { print, printJson } from '../shared/output.js';

/** `backstep env`: where everything listens, for people and, with `--json`, for programs. */
export function env(program: Command): void {
  const command = program
    .command('env')
    .description('show what is running: addresses, databases, topics, processes')
    .option('--json', 'one JSON object')
    .option('--secrets', 'the passwords too, which are hidden otherwise')
    .action(async ({ json, secrets }: { json?: true; secrets?: true }) => {
      const running = await whatRuns();
      const environment = secrets ? running : withoutSecrets(running);
      if (json) printJson(environment);
      else print(asText(environment));
    });
  teach(command, ['env', 'env --json | jq -r .gateway']);
}

const NAME_COLUMNS = 24;

/** @returns one line per thing that is reached from here; databases with the URL that their own service logs in with. */
export function asText(environment: RunningEnvironment): string {
  const { gateway, gateways = {}, provider, services, databases, kafka, processes } = environment;
  const pids = (name: string): string => (processes[name]?.length ? `pid ${processes[name].join(', ')}` : '');
  const rows: [string, string, string][] = [
    ['gateway', gateway, pids('gateway')],
    ...Object.entries(gateways).map(([host, url]): [string, string, string] => [`gateway of ${host}`, url, '']),
    ...Object.entries(services).map(([name, url]): [string, string, string] => [name, url, pids(name)]),
    ['payment-provider', provider, pids('payment-provider')],
    ['kafka', kafka.brokers.join(','), environment.topics.join(' ')],
    ...Object.entries(databases).map(([name, url]): [string, string, string] => [`${name} database`, url, '']),
  ];
  const lines = rows.map(([name, where, more]) =>
    wrapToScreen(printable(`${name.padEnd(NAME_COLUMNS)}${where}  ${more}`.trimEnd()), NAME_COLUMNS),
  );
  if (Object.keys(services).length === 0) lines.push('The services are containers: `docker compose ps` lists them.');
  return lines.join('\n');
}
