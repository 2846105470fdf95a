import { HOST } from './ports.js';

/** What differs from Kafka's own defaults: one broker, small, and quick to answer. */
export const kafkaProperties = (
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
  // A record that says nothing, twice a second by default: a quarter of what an idle broker costs.
  'metadata.max.idle.interval.ms': 10_000,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
});

/** As a properties file, in which a backslash would escape. */
export const renderProperties = (settings: Record<string, string | number>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value.replaceAll('\\', '/') : value}\n`)
    .join('');
