import { HOST } from './ports.js';

export type KafkaProperties = Readonly<Record<string, string | number>>;

/** What differs from Kafka's own defaults wherever a broker of ours runs: small, and quick to answer. */
export const KAFKA_SETTINGS = {
  // An unknown topic is a mistake, not a wish.
  'auto.create.topics.enable': 'false',
  // Fifty by default: made at the first join, loaded at every start. We have a handful of groups.
  'offsets.topic.num.partitions': 8,
  // Members that start together would wait three seconds for each other.
  'group.initial.rebalance.delay.ms': 0,
  // 128 MB of heap by default, for compacting; only the offsets topic is compacted here.
  'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
  // A record that says nothing, twice a second by default: a quarter of what an idle broker costs.
  'metadata.max.idle.interval.ms': 10_000,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
} as const satisfies KafkaProperties;

/** A broker alone has nobody to copy to. With more of them these are larger. */
export const ALONE = {
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
} as const satisfies KafkaProperties;

/** Of three brokers one may be killed at any time: what is acknowledged is on two. As compose.cluster.yml has them. */
export const OF_THREE = {
  'default.replication.factor': 3,
  'min.insync.replicas': 2,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
  'share.coordinator.state.topic.replication.factor': 3,
  'share.coordinator.state.topic.min.isr': 2,
  // What a killed broker led waits for this long until others lead it; Kafka's own 9 s would be most of the time until the last order ends.
  'broker.session.timeout.ms': 3_000,
  'broker.heartbeat.interval.ms': 500,
} as const satisfies KafkaProperties;

/** Enough for the messages of a development machine; Kafka's own default is 1 GB. */
export const KAFKA_HEAP = '-Xmx512m';

/** Where one broker that is its own controller listens, and where it keeps what it is given. */
export interface BrokerPlace {
  /** The address it listens on for clients. */
  readonly bind: string;
  readonly port: number;
  /** What it tells clients to connect to, as `host:port`. */
  readonly advertised: string;
  /** Only the broker itself connects there. */
  readonly controllerPort: number;
  readonly logDir: string;
}

/** All properties of one broker alone. */
export const kafkaProperties = ({ bind, port, advertised, controllerPort, logDir }: BrokerPlace): KafkaProperties => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@${HOST}:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://${HOST}:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://${advertised}`,
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'log.dirs': logDir,
  ...ALONE,
  ...KAFKA_SETTINGS,
});

/** Where one of three brokers listens. All of them are controllers too. */
export interface NodePlace {
  /** From 1 on. */
  readonly id: number;
  /** For clients, who are told `host:port`. */
  readonly port: number;
  readonly host: string;
  /** For the other brokers, who need no name for it. */
  readonly innerPort: number;
  readonly controllerPort: number;
  readonly logDir: string;
}

/** All properties of one broker of three. */
export const nodeProperties = (node: NodePlace, all: readonly NodePlace[]): KafkaProperties => ({
  'process.roles': 'broker,controller',
  'node.id': node.id,
  'controller.quorum.voters': all.map(({ id, controllerPort }) => `${id}@${HOST}:${controllerPort}`).join(','),
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'INNER',
  listeners: `PLAINTEXT://${HOST}:${node.port},INNER://${HOST}:${node.innerPort},CONTROLLER://${HOST}:${node.controllerPort}`,
  'advertised.listeners': `PLAINTEXT://${node.host}:${node.port},INNER://${HOST}:${node.innerPort}`,
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,INNER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'log.dirs': node.logDir,
  ...OF_THREE,
  ...KAFKA_SETTINGS,
});

/** As a properties file, in which a backslash would escape. */
export const renderProperties = (properties: KafkaProperties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value.replaceAll('\\', '/') : value}\n`)
    .join('');

/**
 * As the environment of an `apache/kafka` container, which reads the name of a property back from that of the variable.
 * It replaces the image's defaults, all of them: with one property given, none of those counts.
 */
export const kafkaEnvironment = (properties: KafkaProperties): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [kafkaVariable(name), String(value)]));

/** `num.io.threads` is `KAFKA_NUM_IO_THREADS`; an underscore of the name's own is written twice, a dash as three. */
export const kafkaVariable = (property: string): string =>
  `KAFKA_${property.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`;
