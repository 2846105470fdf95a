import { TOPICS } from '@backstep/contracts/topology';
import {
  DATABASES,
  defaultDir,
  HOSTS_MAX,
  RESTART,
  restartOnChange,
  startSystem,
  writePrivately,
  type Report,
  type System,
  type Watch,
} from '@backstep/infrastructure';
import { createTopics } from '@backstep/kafka';
import { Option, type Command } from 'commander';
import { SAMPLES } from '../demo/samples.js';
import { showAround } from '../demo/show-around.js';
import { Api } from '../shared/api.js';
import { wholeNumber } from '../shared/arguments.js';
import { consoleReport } from '../shared/console-report.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { kafkaSecurity } from '../shared/kafka-security.js';
import { withoutSecrets } from '../env/without-secrets.js';
import { LAB } from './lab.js';
import { welcome } from './welcome.js';
import { print, printError, printJson } from '../shared/output.js';

interface UpOptions {
  readonly json?: true;
  readonly samples: boolean;
  readonly secrets?: true;
  readonly watch?: true;
  readonly instances: number;
  readonly together?: true;
  readonly hosts?: number;
}

/** More than two say nothing more, and a machine with two cores holds no more. */
const INSTANCES_MAX = 4;

/** `backstep up`, which is also `npm start`: everything, until Ctrl-C. */
export function up(program: Command): void {
  const command = program
    .command('up')
    .description('start PostgreSQL, Kafka and all services, place sample orders, stay up until Ctrl-C')
    .option('--json', 'print one JSON object when everything is ready; progress goes to stderr')
    .option('--secrets', 'with --json: the passwords too')
    .option('--no-samples', 'place no sample orders')
    .option('--instances <count>', 'processes of each service', wholeNumber(1, INSTANCES_MAX), 1)
    .addOption(
      new Option('--together', 'all services in one process; the stand-in for the provider stays apart').conflicts(
        'instances',
      ),
    )
    .addOption(
      new Option('--hosts <count>', 'so many processes of all services, each with its share of the shards')
        .argParser(wholeNumber(1, HOSTS_MAX))
        .conflicts('instances'),
    )
    .option('--watch', 'build what changes in libs/ and apps/, and restart the services whose code it is')
    .action(run);
  teach(
    command,
    ['up', 'up --no-samples', 'up --watch', 'up --together', 'up --json | jq -r .gateway'],
    [[EXIT.failed, 'something could not be started: it is named']],
  ).addHelpText(
    'after',
    `
Settings (environment variables):
  DATABASE_URL   a PostgreSQL where roles and databases may be created, instead of the embedded one
  KAFKA_BROKERS  brokers, comma-separated, instead of the embedded one
  BACKSTEP_DIR   where data, logs and passwords are kept (default: .backstep in the clone)
  GATEWAY_PORT, ORDER_PORT, INVENTORY_PORT, PAYMENT_PORT, SHIPMENT_PORT, ORCHESTRATOR_PORT,
  PAYMENT_PROVIDER_PORT, POSTGRES_PORT, KAFKA_PORT   move one port each`,
  );
}

async function run({ json, samples, secrets, watch: watching, instances, together, hosts }: UpOptions): Promise<void> {
  writePrivately();
  const report = consoleReport(json ? printError : print);
  const interruption = untilInterrupted(report);
  const since = Date.now();
  let system: System | undefined;
  let watch: Watch | undefined;
  try {
    system = await startSystem({
      dir: defaultDir(),
      createTopics: (brokers) => createTopics(brokers, TOPICS, { security: kafkaSecurity() }),
      topics: TOPICS.map(({ name }) => name),
      databaseUrl: process.env['DATABASE_URL'] || undefined,
      kafkaBrokers: process.env['KAFKA_BROKERS'] ? process.env['KAFKA_BROKERS'].split(',') : undefined,
      instances: Object.fromEntries(DATABASES.map(({ process: name }) => [name, instances])),
      hosts: hosts ?? (together ? 1 : undefined),
      restart: RESTART,
      lab: LAB,
      report,
      signal: interruption.signal,
    });
    // What goes wrong with a sample is told; the system stays up to be looked at.
    const { outcomes } = await showAround(new Api(system.gatewayUrl), {
      samples: samples ? SAMPLES : [],
      report,
      since,
      signal: interruption.signal,
    });
    const environment = secrets ? system.environment() : withoutSecrets(system.environment());
    if (json) printJson(environment);
    else print(welcome(environment, outcomes));
    if (watching) watch = restartOnChange(system, report);
    await interruption.happened;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
  } finally {
    watch?.stop();
    await system?.stop();
    interruption.forget();
  }
  // A start that was given up may have left a client that still retries: everything is stopped, nothing is worth waiting for.
  process.exit();
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The longest timer there is: it keeps the process alive while everything else is a handle that may go. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Ctrl-C, `backstep down`, or a closed terminal. A second signal changes nothing: the stop has a bounded time. */
function untilInterrupted(report: Report) {
  const controller = new AbortController();
  const keepAlive = setInterval(() => undefined, LONGEST_TIMER_MS);
  const interrupt = (): void => {
    if (!controller.signal.aborted) report.note('\nStopping…');
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const happened = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  const forget = (): void => {
    clearInterval(keepAlive);
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  return { signal: controller.signal, happened, forget };
}
