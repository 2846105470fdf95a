import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { KafkaBroker, KafkaOptions } from './kafka.js';
import { KAFKA_VERSION, MIN_JAVA } from './kafka-jars.js';
import { works } from './maven.js';
import { KAFKA_HEAP, kafkaEnvironment, kafkaProperties } from './kafka-properties.js';
import { HOST } from './ports.js';

/** The official image of the version that runs under Java. */
export const KAFKA_IMAGE = `apache/kafka:${KAFKA_VERSION}`;
/** Docker asks the container and waits; its own ten seconds are longer than we may take. */
const STOP_WITHIN_MS = 1_500;
/** Inside the container, where nothing else listens. */
const CONTROLLER_PORT = 19_093;

/** The container's, and its volume's, name: one per folder. */
const containerOf = (dataDir: string): string =>
  `backstep-kafka-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;

/** Runs in the foreground, so that it is a child like the others: it ends with the signal, and its output is the log. */
export async function kafkaInDocker({ dataDir, port, report }: KafkaOptions): Promise<KafkaBroker | undefined> {
  if (!(await works('docker', 'info'))) return undefined;
  report.note(`Kafka runs in Docker (${KAFKA_IMAGE}): no Java ${MIN_JAVA} with Maven here.`);
  const name = containerOf(dataDir);
  const volume = '/var/lib/kafka/data';
  const properties = kafkaProperties({
    bind: '0.0.0.0',
    port,
    advertised: `${HOST}:${port}`,
    controllerPort: CONTROLLER_PORT,
    logDir: `${volume}/logs`,
  });
  const variables = { KAFKA_HEAP_OPTS: KAFKA_HEAP, ...kafkaEnvironment(properties) };
  const environment = Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const place = ['--publish', `${HOST}:${port}:${port}`, '--volume', `${name}:${volume}`];
  const args = ['run', '--rm', '--init', '--name', name, ...place, ...environment, KAFKA_IMAGE];
  return {
    spec: { name: 'kafka', command: 'docker', args, env: process.env, stopWithinMs: STOP_WITHIN_MS },
    // A client that was killed leaves its container behind, and the unnamed volumes of the image with it.
    before: async () => void (await works('docker', 'rm', '--force', '--volumes', name)),
  };
}

/** Removes what Kafka keeps outside the folder: only Docker's volume, and only when there is a Docker. */
export async function removeKafkaVolume(dataDir: string): Promise<void> {
  const name = containerOf(dataDir);
  if (!(await works('docker', 'volume', 'inspect', name))) return;
  await works('docker', 'rm', '--force', '--volumes', name);
  await promisify(execFile)('docker', ['volume', 'rm', name]);
}
