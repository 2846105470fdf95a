import { freePort, SetupError, startInfrastructure } from '@backstep/infrastructure';
import type { TestInfrastructure } from './infrastructure.js';

export interface StartedInfrastructure extends TestInfrastructure {
  stop(): Promise<void>;
}

const POSTGRES_IMAGE = 'postgres:18';
const KAFKA_IMAGE = 'apache/kafka:4.1.0';
const KAFKA_PORT = 9092;
/** How long a container may take to be ready, its image being there. */
const CONTAINER_START_TIMEOUT_MS = 120_000;

/**
 * PostgreSQL and Kafka for one run of the tests: containers with `TEST_INFRA=testcontainers`, else embedded ones in `dir`.
 * @throws SetupError, in one sentence, when there is no engine for the containers, or no Java for Kafka.
 */
export async function startTestInfrastructure(dir: string): Promise<StartedInfrastructure> {
  if (process.env['TEST_INFRA'] === 'testcontainers') return startContainers();
  const { postgres, kafka, stop } = await startInfrastructure({ dir });
  return { databaseUrl: postgres.url, kafkaBrokers: kafka.brokers, stop };
}

async function startContainers(): Promise<StartedInfrastructure> {
  // Loaded only when asked for: it costs a second.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new SetupError(
      'TEST_INFRA=testcontainers needs a running Docker engine, and none answers: start one, or leave TEST_INFRA unset.',
      { cause },
    );
  });
  // Kafka tells its clients where it is, so its port must be known before it starts.
  const port = await freePort();
  const [postgres, kafka] = await Promise.all([
    new PostgreSqlContainer(POSTGRES_IMAGE)
      .withCommand(['-c', 'max_connections=300'])
      .withStartupTimeout(CONTAINER_START_TIMEOUT_MS)
      .start(),
    new GenericContainer(KAFKA_IMAGE)
      .withExposedPorts({ container: KAFKA_PORT, host: port })
      .withEnvironment(kafkaEnvironment(port))
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(CONTAINER_START_TIMEOUT_MS)
      .start(),
  ]);
  return {
    databaseUrl: postgres.getConnectionUri(),
    kafkaBrokers: [`127.0.0.1:${port}`],
    stop: async () => void (await Promise.all([postgres.stop(), kafka.stop()])),
  };
}

/** One node that is broker and controller; the settings of the embedded one (tools/infrastructure/src/kafka.ts). */
const kafkaEnvironment = (port: number): Record<string, string> => ({
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_LISTENERS: `PLAINTEXT://:${KAFKA_PORT},CONTROLLER://:9093`,
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
});
