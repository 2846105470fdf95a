import { SetupError } from './errors.js';
import { kafkaInDocker } from './kafka-docker.js';
import { MIN_JAVA } from './kafka-jars.js';
import { kafkaUnderJava } from './kafka-java.js';
import { answersAsKafka } from './kafka-probe.js';
import { assertFree, HOST } from './ports.js';
import type { Report } from './report.js';
import type { Program } from './supervisor.js';

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 25;

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
  const broker = (await kafkaUnderJava(options)) ?? (await kafkaInDocker(options));
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
    ready: (child) => child.ready(() => answersAsKafka(port), READY_WITHIN_MS, LOOK_EVERY_MS),
  };
  return { brokers: [`${HOST}:${port}`], program };
}

/** How to run it, whichever way. */
export type KafkaBroker = Pick<Program, 'spec' | 'before'>;
