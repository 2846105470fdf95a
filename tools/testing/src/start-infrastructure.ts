import {
  freePort,
  HOST,
  KAFKA_HEAP,
  KAFKA_IMAGE,
  kafkaEnvironment,
  kafkaProperties,
  POSTGRES_IMAGE,
  POSTGRES_LOCALE,
  POSTGRES_SETTINGS,
  postgresArguments,
  SetupError,
  startInfrastructure,
} from '@backstep/infrastructure';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import type { StartedTestContainer } from 'testcontainers';
import type { TestInfrastructure } from './infrastructure.js';

export interface StartedInfrastructure extends TestInfrastructure {
  stop(): Promise<void>;
}

/** How long a container may take to be ready, its image being there. */
const CONTAINER_START_TIMEOUT_MS = 120_000;
/** Inside Kafka's container, where nothing else listens. */
const KAFKA_PORT = 9092;
const CONTROLLER_PORT = 9093;

/**
 * PostgreSQL and Kafka for one run of the tests: containers with `TEST_INFRA=testcontainers`, else embedded ones in `dir`.
 * Both ways have the same versions and settings.
 *
 * It says where what specs are *given* comes from. The specs of the starter itself (tools/infrastructure, and the e2e ones) start
 * what `npm start` would, whichever is set here: PostgreSQL from npm, and Kafka under Java or, on a machine without Java, from the
 * same image in Docker. So with an engine and no Java every suite runs.
 * @throws SetupError, in one sentence, when there is no engine for the containers, or neither Java nor Docker for Kafka.
 */
export async function startTestInfrastructure(dir: string): Promise<StartedInfrastructure> {
  const wanted = process.env['TEST_INFRA'] || 'embedded';
  if (wanted === 'testcontainers') return startContainers();
  if (wanted !== 'embedded') {
    throw new SetupError(`TEST_INFRA must be embedded or testcontainers, not ${JSON.stringify(wanted)}.`);
  }
  const { postgres, kafka, stop } = await startInfrastructure({ dir });
  return { databaseUrl: postgres.url, kafkaBrokers: kafka.brokers, stop };
}

async function startContainers(): Promise<StartedInfrastructure> {
  const host = await engineHost();
  // Kafka tells its clients where it is, so its port must be known before it starts.
  const port = await freePort();
  const starting = await Promise.allSettled([startPostgres(), startKafka(host, port)]);
  const [postgres, kafka] = starting;
  const stop = async (): Promise<void> => {
    const started = starting.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(started.map((container) => container.stop()));
  };
  if (postgres.status === 'fulfilled' && kafka.status === 'fulfilled') {
    return { databaseUrl: postgres.value.getConnectionUri(), kafkaBrokers: [`${host}:${port}`], stop };
  }
  await stop();
  throw explained(starting.find((result) => result.status === 'rejected')?.reason);
}

/** What the engine refuses, such as an image that it cannot get, the person at the keyboard can mend. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error)) return error;
  return new SetupError(
    `The Docker engine does not start ${POSTGRES_IMAGE}, ${KAFKA_IMAGE} or the container with which testcontainers tidies up (TESTCONTAINERS_RYUK_DISABLED=true does without): ${error.message.trim()}`,
    { cause: error },
  );
}

/** Where the ports that containers publish are reached. @throws SetupError when no engine answers. */
async function engineHost(): Promise<string> {
  // Loaded only when asked for: it costs a second.
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
    return host === 'localhost' ? HOST : host;
  } catch (cause) {
    throw new SetupError(
      'TEST_INFRA=testcontainers needs a running Docker engine, and none answers: start one, or leave TEST_INFRA unset.',
      { cause },
    );
  }
}

async function startPostgres(): Promise<StartedPostgreSqlContainer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  return new PostgreSqlContainer(POSTGRES_IMAGE)
    .withUsername('postgres')
    .withDatabase('postgres')
    .withEnvironment({ POSTGRES_INITDB_ARGS: POSTGRES_LOCALE.join(' ') })
    .withCommand(postgresArguments(POSTGRES_SETTINGS))
    .withStartupTimeout(CONTAINER_START_TIMEOUT_MS)
    .start();
}

/** Not the Kafka module of testcontainers, which knows Confluent's images only. */
async function startKafka(host: string, port: number): Promise<StartedTestContainer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const properties = kafkaProperties({
    bind: '0.0.0.0',
    port: KAFKA_PORT,
    advertised: `${host}:${port}`,
    controllerPort: CONTROLLER_PORT,
    logDir: '/var/lib/kafka/data/logs',
  });
  return new GenericContainer(KAFKA_IMAGE)
    .withExposedPorts({ container: KAFKA_PORT, host: port })
    .withEnvironment({ KAFKA_HEAP_OPTS: KAFKA_HEAP, ...kafkaEnvironment(properties) })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(CONTAINER_START_TIMEOUT_MS)
    .start();
}
