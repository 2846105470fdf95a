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
import type { Program } from './supervisor.js';

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

export interface KafkaCluster {
  readonly brokers: string[];
  /** In the order of {@link CLUSTER_NAMES}. */
  readonly programs: readonly Program[];
}

/**
 * Three real brokers, as compose.cluster.yml has them, their folders made when missing. They must be started at once: one alone
 * finds no majority.
 * @throws SetupError without Java or Kafka's jars
 */
export async function prepareKafkaCluster(options: ClusterOptions): Promise<KafkaCluster> {
  const { dataDir, byName } = options;
  const command = await javaForKafka(options.report);
  if (!command) throw new SetupError(`Three Kafka brokers need Java ${MIN_JAVA} or later with Maven (mvn).`);
  const places: NodePlace[] = [];
  for (const [index, name] of CLUSTER_NAMES.entries()) {
    places.push({
      id: index + 1,
      port: index === 0 ? options.port : await freePort(),
      host: byName ? name : HOST,
      innerPort: await freePort(),
      controllerPort: await freePort(),
      logDir: join(dataDir, name, 'data'),
    });
  }
  const clusterId = clusterIdOf(dataDir);
  await Promise.all(places.map((place) => format(command, clusterId, place, places)));
  const programs = places.map((place, index): Program => {
    const folder = join(dataDir, CLUSTER_NAMES[index] ?? '');
    return {
      ...brokerUnderJava(command, CLUSTER_NAMES[index] ?? '', folder, configOf(place.logDir)),
      before: () => assertFree('Kafka', place.port, 'KAFKA_PORT'),
      ready: (child) =>
        child.ready(async () => (await brokersUp(place.port)) === CLUSTER_SIZE, READY_WITHIN_MS, LOOK_EVERY_MS),
    };
  });
  return { brokers: places.map(({ host, port }) => `${host}:${port}`), programs };
}

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

/** Properties are written anew each time, as ports may be others; the log is made beside and renamed when whole. */
async function format(
  { java, args }: JavaForKafka,
  clusterId: string,
  place: NodePlace,
  places: readonly NodePlace[],
): Promise<void> {
  const { logDir } = place;
  const config = configOf(logDir);
  mkdirSync(join(logDir, '..'), { recursive: true });
  const write = (dir: string): void =>
    writeFileSync(config, renderProperties(nodeProperties({ ...place, logDir: dir }, places)));
  if (!existsSync(logDir)) {
    const making = `${logDir}.new`;
    rmSync(making, { recursive: true, force: true });
    write(making);
    const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', config];
    await promisify(execFile)(java, [...args, ...tool]);
    renameSync(making, logDir);
  }
  write(logDir);
}
