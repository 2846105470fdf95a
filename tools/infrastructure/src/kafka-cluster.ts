import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './errors.js';
import { brokerUnderJava, javaForKafka, type JavaForKafka } from './kafka-java.js';
import { MIN_JAVA } from './kafka-jars.js';
import { brokersUp } from './kafka-probe.js';
import { nodeProperties, renderProperties, type NodePlace } from './kafka-properties.js';
import { assertFree, freePort, HOST } from './ports.js';
import type { Report } from './report.js';
import type { Program, Supervisor } from './supervisor.js';

/** Three JVMs and their election, on two cores. */
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;
export const CLUSTER_SIZE = 3;

/** As the containers of compose.cluster.yml are named: kafka, kafka-2, kafka-3. */
export const CLUSTER_NAMES: readonly string[] = Array.from({ length: CLUSTER_SIZE }, (_, index) =>
  index === 0 ? 'kafka' : `kafka-${index + 1}`,
);

export interface ClusterOptions {
  /** Holds a folder for each broker. */
  readonly dataDir: string;
  /** Of the first; the others take free ones. */
  readonly port: number;
  /** Clients are told each broker's name instead of this machine's address: see {@link CLUSTER_NAMES}. */
  readonly byName: boolean;
  readonly report: Report;
}

/**
 * Starts three real brokers, as compose.cluster.yml has them, their folders made when missing: at once, as one alone finds no majority. When
 * one ends before they are ready, they begin again on other ports.
 * @returns their addresses, in the order of {@link CLUSTER_NAMES}
 * @throws SetupError without Java or Kafka's jars
 * @throws PortTakenError when the first one's port is taken
 * @throws ProcessEndedError with the end of the log of the broker that ended, or was not ready in time
 */
export async function startKafkaCluster(options: ClusterOptions, supervisor: Supervisor): Promise<string[]> {
  const command = await javaForKafka(options.report);
  if (!command) throw new SetupError(`Three Kafka brokers need Java ${MIN_JAVA} or later with Maven (mvn).`);
  await formatAll(command, options.dataDir);
  let brokers: string[] = [];
  await supervisor.startTogether(async () => {
    const places = await placesIn(options);
    for (const place of places) writeProperties(configOf(place.logDir), place, places);
    brokers = places.map(({ host, port }) => `${host}:${port}`);
    return places.map((place, index) => programOf(command, CLUSTER_NAMES[index] ?? '', place));
  });
  return brokers;
}

/** Ports are chosen last, when the next thing is that they are bound. */
async function placesIn({ dataDir, port, byName }: ClusterOptions): Promise<NodePlace[]> {
  const places: NodePlace[] = [];
  for (const [index, name] of CLUSTER_NAMES.entries()) {
    places.push({
      id: index + 1,
      port: index === 0 ? port : await freePort(),
      host: byName ? name : HOST,
      innerPort: await freePort(),
      controllerPort: await freePort(),
      logDir: logDirOf(dataDir, name),
    });
  }
  return places;
}

function programOf(command: JavaForKafka, name: string, { id, logDir, port }: NodePlace): Program {
  return {
    ...brokerUnderJava(command, name, join(logDir, '..'), configOf(logDir)),
    // The others' ports were looked at a moment ago.
    before: async () => (id === 1 ? assertFree('Kafka', port, 'KAFKA_PORT') : undefined),
    ready: (child) => child.ready(async () => (await brokersUp(port)) === CLUSTER_SIZE, READY_WITHIN_MS, LOOK_EVERY_MS),
  };
}

const logDirOf = (dataDir: string, name: string): string => join(dataDir, name, 'data');
const configOf = (logDir: string): string => join(logDir, '..', 'server.properties');

/** One for all three, made up the first time. One in 64 begins with a dash, so it never stands alone as an argument. */
function clusterIdOf(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'cluster-id');
  if (!existsSync(file)) {
    writeFileSync(file, Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url'));
  }
  return readFileSync(file, 'utf8');
}

const writeProperties = (config: string, place: NodePlace, places: readonly NodePlace[]): void =>
  writeFileSync(config, renderProperties(nodeProperties(place, places)));

/** Nothing is bound while a log is formatted. */
const UNBOUND = { host: HOST, port: 1, innerPort: 2, controllerPort: 3 };

/** Each log is made beside and renamed when whole. */
async function formatAll({ java, args }: JavaForKafka, dataDir: string): Promise<void> {
  const clusterId = clusterIdOf(dataDir);
  const places = CLUSTER_NAMES.map((name, index) => ({ ...UNBOUND, id: index + 1, logDir: logDirOf(dataDir, name) }));
  const format = async (place: NodePlace): Promise<void> => {
    const { logDir } = place;
    if (existsSync(logDir)) return;
    const making = `${logDir}.new`;
    const config = configOf(logDir);
    rmSync(making, { recursive: true, force: true });
    mkdirSync(join(logDir, '..'), { recursive: true });
    writeProperties(config, { ...place, logDir: making }, places);
    const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', config];
    await promisify(execFile)(java, [...args, ...tool]);
    renameSync(making, logDir);
  };
  await Promise.all(places.map(format));
}
