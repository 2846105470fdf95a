import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KafkaBroker, KafkaOptions } from './kafka.js';
import { classArchive } from './kafka-archive.js';
import { formatted } from './kafka-format.js';
import { findJava, kafkaJars } from './kafka-jars.js';
import { KAFKA_HEAP } from './kafka-properties.js';
import type { Report } from './report.js';

/** A clean stop saves the broker a look through its logs at the next start; measured 0.4 s when idle. */
const STOP_WITHIN_MS = 1_500;
const LOG_CONFIG = fileURLToPath(new URL('../kafka/log4j2.yaml', import.meta.url));

export interface JavaForKafka {
  readonly java: string;
  /** Of every program of Kafka's. */
  readonly args: readonly string[];
  /** Their folder. */
  readonly jars: string;
}

/** @returns undefined without Java, or without jars and Maven. */
export async function javaForKafka(report: Report): Promise<JavaForKafka | undefined> {
  const java = await findJava();
  const jars = java && (await kafkaJars(report));
  if (!java || !jars) return undefined;
  const jvm = [KAFKA_HEAP, '-XX:+UseSerialGC', `-Dlog4j2.configurationFile=${LOG_CONFIG}`, '-cp', join(jars, '*')];
  const archive = await classArchive(java, jvm, jars, report);
  return { java: java.path, args: [...archive, ...jvm], jars };
}

/** @param config the path of its properties */
export const brokerUnderJava = (
  { java, args }: JavaForKafka,
  name: string,
  dataDir: string,
  config: string,
): KafkaBroker => ({
  spec: {
    name,
    command: java,
    args: [...args, 'kafka.Kafka', config],
    env: process.env,
    cwd: dataDir,
    stopWithinMs: STOP_WITHIN_MS,
  },
});

/** @returns how to run the broker under Java, its folder formatted; undefined without Java, or without jars and Maven. */
export async function kafkaUnderJava({ dataDir, port, report }: KafkaOptions): Promise<KafkaBroker | undefined> {
  const command = await javaForKafka(report);
  if (!command) return undefined;
  return brokerUnderJava(command, 'kafka', dataDir, await formatted(command, dataDir, port));
}
