import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SetupError } from './errors.js';
import { findJava, kafkaJars, KAFKA_VERSION, MIN_JAVA, works } from './kafka-jars.js';
import { assertFree, freePort, HOST } from './ports.js';
import type { Report } from './report.js';
import type { Program } from './supervisor.js';

const run = promisify(execFile);

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 25;
const ANSWER_WITHIN_MS = 1_000;
/** A clean stop saves the broker a look through its logs at the next start; measured 0.4 s when idle. */
const STOP_WITHIN_MS = 1_500;

const LOG_CONFIG = fileURLToPath(new URL('../kafka/log4j2.yaml', import.meta.url));
const IMAGE = `apache/kafka:${KAFKA_VERSION}`;

export interface KafkaOptions {
  readonly dataDir: string;
  readonly port: number;
  /** The setting named when the port is taken. */
  readonly portSetting: string;
  readonly report: Report;
}

export interface Kafka {
  readonly brokers: string[];
  readonly program: Program;
}

/**
 * One real Kafka broker (KRaft, its own controller), its data folder made when missing. Topics are not made on demand:
 * an unknown name is a mistake. From Maven's jars under Java; without those, from the official image when a Docker engine runs.
 * @throws SetupError saying what to install
 */
export async function prepareKafka(options: KafkaOptions): Promise<Kafka> {
  const { port, portSetting } = options;
  const broker = (await underJava(options)) ?? (await inDocker(options));
  if (!broker) {
    throw new SetupError(
      `Kafka needs Java ${MIN_JAVA} or later with Maven (mvn), or a running Docker engine: install one of them, or set KAFKA_BROKERS to brokers you have.`,
    );
  }
  const program: Program = {
    spec: broker.spec,
    before: async () => {
      await broker.before?.();
      await assertFree('Kafka', port, portSetting);
    },
    ready: (child) => child.ready(() => answers(port), READY_WITHIN_MS, LOOK_EVERY_MS),
  };
  return { brokers: [`${HOST}:${port}`], program };
}

type Broker = Pick<Program, 'spec' | 'before'>;

/** What differs from Kafka's own defaults: one broker, small, and quick to answer. */
const properties = (
  brokerPort: number,
  controllerPort: number,
  logDir: string,
  bind: string,
): Record<string, string | number> => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@${HOST}:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://${bind}:${brokerPort},CONTROLLER://${HOST}:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://${HOST}:${brokerPort}`,
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'log.dirs': logDir,
  'auto.create.topics.enable': 'false',
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // Fifty by default: made at the first join, loaded at every start. We have a handful of groups.
  'offsets.topic.num.partitions': 8,
  // Members that start together would wait three seconds for each other.
  'group.initial.rebalance.delay.ms': 0,
  // 128 MB of heap by default, for compacting; only the offsets topic is compacted here.
  'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
});

const render = (settings: Record<string, string | number>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value.replaceAll('\\', '/') : value}\n`)
    .join('');

async function underJava({ dataDir, port, report }: KafkaOptions): Promise<Broker | undefined> {
  const java = await findJava();
  const jars = java && (await kafkaJars(report));
  if (!java || !jars) return undefined;
  mkdirSync(dataDir, { recursive: true });
  const config = join(dataDir, 'server.properties');
  const logDir = join(dataDir, 'data');
  // The controller talks to itself alone: any free port will do, and it may be another one next time.
  writeFileSync(config, render(properties(port, await freePort(), logDir, HOST)));
  const base = ['-XX:+UseSerialGC', `-Dlog4j2.configurationFile=${LOG_CONFIG}`, '-cp', join(jars, '*')];
  if (!existsSync(logDir)) await format(java, base, dataDir, logDir, port);
  const args = ['-Xmx512m', ...base, 'kafka.Kafka', config];
  return { spec: { name: 'kafka', command: java, args, env: process.env, cwd: dataDir, stopWithinMs: STOP_WITHIN_MS } };
}

/** Formatted beside and renamed when whole, as with the database. */
async function format(
  java: string,
  base: readonly string[],
  dataDir: string,
  logDir: string,
  port: number,
): Promise<void> {
  const making = `${logDir}.new`;
  const config = join(dataDir, 'format.properties');
  rmSync(making, { recursive: true, force: true });
  writeFileSync(config, render(properties(port, 1, making, HOST)));
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  await run(java, [
    '-XX:TieredStopAtLevel=1',
    ...base,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    config,
  ]);
  renameSync(making, logDir);
  rmSync(config);
}

/** The container's, and its volume's, name: one per folder. */
const containerOf = (dataDir: string): string =>
  `backstep-kafka-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;

/** Runs in the foreground, so that it is a child like the others: it ends with the signal, and its output is the log. */
async function inDocker({ dataDir, port, report }: KafkaOptions): Promise<Broker | undefined> {
  if (!(await works('docker', 'info'))) return undefined;
  report.note(`Kafka runs in Docker (${IMAGE}): no Java ${MIN_JAVA} with Maven here.`);
  const name = containerOf(dataDir);
  const volume = '/var/lib/kafka/data';
  const environment = Object.entries(properties(port, 19093, `${volume}/logs`, '0.0.0.0')).flatMap(([key, value]) => [
    '--env',
    `KAFKA_${key.toUpperCase().replaceAll('.', '_')}=${value}`,
  ]);
  const place = ['--publish', `${HOST}:${port}:${port}`, '--volume', `${name}:${volume}`];
  const args = [
    'run',
    '--rm',
    '--init',
    '--name',
    name,
    ...place,
    '--env',
    'KAFKA_HEAP_OPTS=-Xmx512m',
    ...environment,
    IMAGE,
  ];
  return {
    spec: { name: 'kafka', command: 'docker', args, env: process.env, stopWithinMs: STOP_WITHIN_MS },
    // A client that was killed leaves its container behind.
    before: async () => void (await works('docker', 'rm', '--force', name)),
  };
}

/** Removes what Kafka keeps outside the folder: only Docker's volume, and only when there is a Docker. */
export async function removeKafkaVolume(dataDir: string): Promise<void> {
  const name = containerOf(dataDir);
  if (!(await works('docker', 'volume', 'inspect', name))) return;
  await works('docker', 'rm', '--force', name);
  await run('docker', ['volume', 'rm', name]);
}

/** ApiVersions, version 0, from nobody: the smallest question of Kafka's protocol, answered by anything that is a broker. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/**
 * True when the broker answers. That its port is open says nothing: the system, or Docker's proxy, takes connections earlier.
 * Coordinators may still say "loading" for a moment: clients retry that.
 */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: ANSWER_WITHIN_MS });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => socket.write(API_VERSIONS));
    socket.once('data', () => end(true));
    for (const failure of ['timeout', 'error', 'close']) socket.once(failure, () => end(false));
  });
}
