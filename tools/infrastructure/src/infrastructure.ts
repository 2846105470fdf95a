import { join, resolve } from 'node:path';
import { Children } from './children.js';
import { closeMaintenanceDatabases } from './databases.js';
import { prepareKafka } from './kafka.js';
import { startKafkaCluster } from './kafka-cluster.js';
import { freePort } from './ports.js';
import { preparePostgres } from './postgres.js';
import { silent, type Report } from './report.js';
import { RunFile } from './run-file.js';
import { passwordsOf } from './secrets.js';
import { Supervisor } from './supervisor.js';
import { portSettingOf } from './topology.js';

export interface InfrastructureOptions {
  /** Data, logs, passwords and the run file. Made when missing; what it holds is used again. */
  readonly dir: string;
  /** Default: a free one. */
  readonly postgresPort?: number;
  /** Default: a free one. */
  readonly kafkaPort?: number;
  readonly report?: Report;
}

export interface Infrastructure {
  readonly postgres: { /** Superuser. */ readonly url: string };
  readonly kafka: { readonly brokers: string[] };
  /** Ends both, in at most five seconds. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL and a Kafka of one's own, for tests: nothing in them yet.
 * What an earlier run that was killed left running in the folder is ended first.
 * @throws AlreadyRunningError, SetupError, ProcessEndedError
 */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { report = silent, postgresPort = await freePort(), kafkaPort = await freePort() } = options;
  const run = await RunFile.acquire(resolve(options.dir));
  const supervisor = new Supervisor(new Children(run), { report });
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    run.release();
  };
  try {
    const [url, brokers] = await allOf([
      startPostgresIn(run.dir, postgresPort, supervisor, report),
      startKafkaIn(run.dir, kafkaPort, supervisor, report),
    ]);
    return { postgres: { url }, kafka: { brokers }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The PostgreSQL alone, for what needs no Kafka.
 * @throws AlreadyRunningError, SetupError, ProcessEndedError
 */
export async function startPostgres({
  dir,
  postgresPort,
  report = silent,
}: Omit<InfrastructureOptions, 'kafkaPort'>): Promise<{
  /** Superuser. */ readonly url: string;
  stop(): Promise<void>;
}> {
  const run = await RunFile.acquire(resolve(dir));
  const supervisor = new Supervisor(new Children(run), { report });
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    run.release();
  };
  try {
    const port = postgresPort ?? (await freePort());
    return { url: await startPostgresIn(run.dir, port, supervisor, report), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the superuser's URL */
export function startPostgresIn(dir: string, port: number, supervisor: Supervisor, report: Report): Promise<string> {
  const password = passwordsOf(dir, ['postgres'])['postgres'] ?? '';
  return report.step('PostgreSQL', async () => {
    const dataDir = join(dir, 'postgres');
    const { url, program } = await preparePostgres({ dataDir, port, portSetting: portSettingOf('postgres'), password });
    await supervisor.start(program);
    await closeMaintenanceDatabases(url);
    return url;
  });
}

/** @returns the brokers' addresses */
export function startKafkaIn(dir: string, port: number, supervisor: Supervisor, report: Report): Promise<string[]> {
  return report.step('Kafka', async () => {
    const dataDir = join(dir, 'kafka');
    const { brokers, program } = await prepareKafka({ dataDir, port, portSetting: portSettingOf('kafka'), report });
    await supervisor.start(program);
    return brokers;
  });
}

/** @returns the addresses of three brokers. Their data is apart from that of one alone. */
export function startClusterIn(
  dir: string,
  port: number,
  byName: boolean,
  supervisor: Supervisor,
  report: Report,
): Promise<string[]> {
  return report.step('three Kafka brokers', () =>
    startKafkaCluster({ dataDir: join(dir, 'kafka-cluster'), port, byName, report }, supervisor),
  );
}

/** As Promise.all, but waits for the others before it throws: what is still starting cannot be stopped. */
export async function allOf<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
