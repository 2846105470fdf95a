import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Children } from './children.js';
import { faultFoldersOf, pauseDirOf } from './control/folders.js';
import { type LabOptions, openControl } from './control/open-control.js';
import { createDatabases } from './databases.js';
import { allOf, startClusterIn, startKafkaIn, startPostgresIn } from './infrastructure.js';
import { SetupError } from './errors.js';
import {
  environmentOfHost,
  HOST_MAIN,
  HOST_PROCESS,
  HOSTED,
  hostsOf,
  HOSTS_MAX,
  prefixed,
  type Host,
} from './hosts.js';
import { instanceOf } from './instance-id.js';
import { assertAllFree, freePort } from './ports.js';
import { silent, type Report } from './report.js';
import type { RestartPolicy } from './restart-policy.js';
import { RunFile } from './run-file.js';
import { describeRunning, type RunningEnvironment } from './running-environment.js';
import { passwordsOf } from './secrets.js';
import { Supervisor, type Program } from './supervisor.js';
import * as topology from './topology.js';
import type { Deployment, PortName, Ports, ProcessName } from './topology.js';

export interface SystemOptions {
  /** Data, logs, passwords and the run file. Made when missing; what it holds is used again. */
  readonly dir: string;
  /** Makes the topics, and waits until they can be used. Here because only libs/kafka knows how. */
  readonly createTopics: (brokers: string[]) => Promise<void>;
  /** Their names, for `backstep env`. */
  readonly topics: readonly string[];
  /** `free` gives every port that is not named a free one; `settings` (default) takes the topology's. */
  readonly ports?: 'settings' | 'free';
  readonly port?: Partial<Ports>;
  /** How many processes of a kind; default one. The first has the port, the others free ones. */
  readonly instances?: Partial<Record<ProcessName, number>>;
  /** So many processes of all services together instead of a process for each; not with `instances` of what runs in them. */
  readonly hosts?: number | undefined;
  /** Variables for the processes of a kind, over those of the topology. A host gets those of its services with their prefix. */
  readonly environment?: Partial<Record<ProcessName | typeof HOST_PROCESS, Readonly<Record<string, string>>>>;
  /** A server to use instead of the embedded one, with a login that may create roles and databases. */
  readonly databaseUrl?: string | undefined;
  /** Brokers to use instead of the embedded one. */
  readonly kafkaBrokers?: readonly string[] | undefined;
  /**
   * Three brokers instead of one, as compose.cluster.yml has them: `kafka`, `kafka-2` and `kafka-3`. Clients are told their addresses, or
   * by those names; who gives names sees to it that each process, this one too, finds this machine under them.
   */
  readonly kafkaCluster?: 'addresses' | 'names';
  /** Default: what dies stays down, as tests want it. */
  readonly restart?: RestartPolicy;
  /** Opens the control socket and tells the gateway of it, which serves faults and the doctor then. */
  readonly lab?: LabOptions;
  readonly report?: Report;
  /** Gives up a start that is still going on; what it has started is ended before it throws. */
  readonly signal?: AbortSignal;
}

export interface System {
  readonly gatewayUrl: string;
  /** As of now: pids change with restarts. */
  environment(): RunningEnvironment;
  /** The names of the processes in which a service runs: `order`, `order-2`; `host` where services run together. */
  processesOf(service: ProcessName): readonly string[];
  /** Ends one process without grace and waits until it is gone. Names: `order`, `inventory-2` (a second instance), `host`, `kafka`, `postgres`. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>;
  /** Sends a signal that does not end it: SIGSTOP, SIGCONT. */
  signal(name: string, signal: NodeJS.Signals): void;
  /** Starts one again, ending it well first if it runs; waits until it is ready. */
  restart(name: string): Promise<void>;
  /** Ends everything, in at most five seconds. Safe to call again. */
  stop(): Promise<void>;
}

/** The name of their secret in `secrets.json`. */
const WEBHOOKS = 'webhooks';
/** Migrations, consumer groups and JIT of seven processes at once on two cores. */
const READY_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 100;
const HEALTH_WITHIN_MS = 2_000;

/**
 * Starts the whole system: PostgreSQL and Kafka side by side, databases and topics, then all services at once.
 * When anything fails, everything is ended again before it throws.
 * @throws AlreadyRunningError, PortTakenError, SetupError, ProcessEndedError
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  checkHosts(options);
  const report = options.report ?? silent;
  const ports = await choosePorts(options);
  const hosts = await hostsOf(options.hosts ?? 0, ports);
  const run = await RunFile.acquire(resolve(options.dir));
  if (run.cleanedUp.length > 0) report.note(`Ended what an earlier run left: ${run.cleanedUp.join(', ')}.`);
  const children = new Children(run);
  const { restart } = options;
  const supervisor = new Supervisor(children, { report, onChange: () => publish(), ...(restart ? { restart } : {}) });
  const control = await openControl(options.lab, {
    dir: run.dir,
    supervisor,
    environment: () => environment(),
    report,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    // First: a process that stands still does not hear that it is to end.
    control?.close();
    return (stopped ??= supervisor.stop().then(() => run.release()));
  };
  let deployment: Deployment = {
    dir: run.dir,
    instance: instanceOf(run.dir),
    ports,
    databases: {},
    brokers: [],
    webhookSecret: `whsec_${passwordsOf(run.dir, [WEBHOOKS])[WEBHOOKS] ?? ''}`,
    control: control?.told,
  };
  const environment = (): RunningEnvironment => describeRunning(deployment, options.topics, children.all(), hosts);
  const publish = (): void => run.publish(environment());
  const bringUp = async (): Promise<void> => {
    await assertPortsFree(ports);
    const [databases, brokers] = await allOf([
      readyDatabases(options, run.dir, ports, supervisor, report),
      readyKafka(options, run.dir, ports, supervisor, report),
    ]);
    deployment = { ...deployment, databases, brokers };
    const programs = await programsOf(deployment, options, hosts);
    // The first that fails decides; stopping ends the others.
    await report.step(whatStarts(programs.length, options), () =>
      Promise.all(programs.map((program) => supervisor.start(program))),
    );
    publish();
  };
  try {
    await unlessAborted(bringUp(), options.signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    gatewayUrl: topology.urlOf(ports.gateway),
    environment,
    processesOf: (service) => processesOf(service, options),
    kill: (name, signal) => supervisor.kill(name, signal),
    signal: (name, signal) => supervisor.signal(name, signal),
    restart: (name) => supervisor.restart(name),
    stop,
  };
}

/** Rejects as soon as the signal comes, whatever `work` still waits for; its own end is of no interest then. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  await Promise.race([work, aborted]);
}

async function choosePorts({ ports = 'settings', port = {} }: SystemOptions): Promise<Ports> {
  if (ports === 'settings') return { ...topology.portsFromSettings(), ...port };
  const free = await Promise.all(
    topology.PORT_NAMES.map(async (name) => [name, port[name] ?? (await freePort())] as const),
  );
  return Object.fromEntries(free) as Record<PortName, number>;
}

/** All at once and before anything is started: a taken port is told in a moment. */
async function assertPortsFree(ports: Ports): Promise<void> {
  const wanted = topology.PROCESS_NAMES.map((name) => ({
    what: name,
    port: ports[name],
    setting: topology.portSettingOf(name),
  }));
  await assertAllFree(wanted);
}

type Ready<T> = (
  options: SystemOptions,
  dir: string,
  ports: Ports,
  supervisor: Supervisor,
  report: Report,
) => Promise<T>;

const readyDatabases: Ready<Readonly<Record<string, string>>> = async (options, dir, ports, supervisor, report) => {
  const admin = options.databaseUrl ?? (await startPostgresIn(dir, ports.postgres, supervisor, report));
  const names = topology.DATABASES.map(({ database }) => database);
  const passwords = passwordsOf(dir, names);
  return report.step(`${names.length} databases`, () =>
    createDatabases(
      admin,
      names.map((name) => ({ name, password: passwords[name] ?? '' })),
    ),
  );
};

const readyKafka: Ready<string[]> = async (options, dir, ports, supervisor, report) => {
  const { kafkaBrokers, kafkaCluster } = options;
  const start = (): Promise<string[]> =>
    kafkaCluster
      ? startClusterIn(dir, ports.kafka, kafkaCluster === 'names', supervisor, report)
      : startKafkaIn(dir, ports.kafka, supervisor, report);
  const brokers = kafkaBrokers ? [...kafkaBrokers] : await start();
  await report.step(`${options.topics.length} topics`, () => options.createTopics(brokers));
  return brokers;
};

/** @throws SetupError that says which option to leave out */
function checkHosts({ hosts, instances = {} }: SystemOptions): void {
  if (hosts === undefined) return;
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > HOSTS_MAX)
    throw new SetupError(`There may be 1 to ${HOSTS_MAX} hosts, not ${hosts}.`);
  const several = HOSTED.filter((name) => (instances[name] ?? 1) !== 1);
  if (several.length > 0)
    throw new SetupError(
      `A host runs one of each service: leave out the instances of ${several.join(', ')}, or the hosts.`,
    );
}

const whatStarts = (programs: number, { hosts }: SystemOptions): string =>
  hosts === undefined
    ? `${programs} services`
    : `${HOSTED.length} services in ${hosts === 1 ? 'one process' : `${hosts} processes each`}`;

/** Every instance of every process. */
async function programsOf(deployment: Deployment, options: SystemOptions, hosts: readonly Host[]): Promise<Program[]> {
  mkdirSync(join(deployment.dir, 'payment-provider'), { recursive: true });
  const apart =
    options.hosts === undefined
      ? topology.PROCESS_NAMES
      : topology.PROCESS_NAMES.filter((name) => !HOSTED.includes(name));
  const wanted = apart.flatMap((process) =>
    Array.from({ length: options.instances?.[process] ?? 1 }, (_, index) => ({ process, index })),
  );
  const programs = wanted.map(async ({ process, index }) => {
    const port = index === 0 ? deployment.ports[process] : await freePort();
    return programOf(process, topology.instanceName(process, index), port, deployment, options);
  });
  return [...hosts.map((host) => hostProgram(host, deployment, options)), ...(await Promise.all(programs))];
}

function processesOf(service: ProcessName, { hosts, instances }: SystemOptions): string[] {
  const together = hosts !== undefined && HOSTED.includes(service);
  const count = together ? hosts : (instances?.[service] ?? 1);
  return Array.from({ length: count }, (_, index) => topology.instanceName(together ? HOST_PROCESS : service, index));
}

function hostProgram({ name, ports }: Host, deployment: Deployment, { environment = {} }: SystemOptions): Program {
  const ofServices = HOSTED.map((service) => prefixed(service, environment[service] ?? {}));
  const env = {
    ...environmentOfHost(name, ports, deployment),
    ...Object.assign({}, ...ofServices),
    ...environment[HOST_PROCESS],
  };
  return nodeProgram(
    name,
    HOST_MAIN,
    env,
    deployment,
    HOSTED.map((service) => ports[service]),
  );
}

function programOf(
  name: ProcessName,
  instance: string,
  port: number,
  deployment: Deployment,
  options: SystemOptions,
): Program {
  const env = { ...topology.environmentOf(name, port, deployment), ...options.environment?.[name] };
  return nodeProgram(instance, topology.processOf(name).main, env, deployment, [port]);
}

const nodeProgram = (
  name: string,
  main: string,
  env: NodeJS.ProcessEnv,
  { dir, control }: Deployment,
  ports: readonly number[],
): Program => ({
  spec: {
    ...{ name, command: process.execPath, args: [join(topology.ROOT, main)], cwd: dir },
    // A folder that is named for it alone comes before.
    env: control === undefined ? env : { BACKSTEP_PAUSE_DIR: pauseDirOf(faultFoldersOf(dir).pauseDir, name), ...env },
  },
  ready: (child) => child.ready(() => areReady(ports), READY_WITHIN_MS, LOOK_EVERY_MS),
});

const areReady = async (ports: readonly number[]): Promise<boolean> =>
  (await Promise.all(ports.map(isReady))).every(Boolean);

/** A refused connection is a service that is not there yet. */
async function isReady(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(HEALTH_WITHIN_MS);
    const response = await fetch(`${topology.urlOf(port)}/health/ready`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
