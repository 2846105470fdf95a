import { createRequire } from 'node:module';

/**
 * Three faults of kafkajs 2.2.4 with a dead broker:
 * - It asks a random broker who coordinates a group, and gives up when that one is dead, though the others would answer (`withBroker`
 *   calls `findBroker` outside of its `try`). Here unreachable brokers are passed over, and connected ones are asked first.
 * - It looks up a coordinator again only when the old one's port refuses the connection. When the host name is gone (`getaddrinfo
 *   ENOTFOUND`, a stopped container) or the broker is silent, it throws an error that is not retried. Here every kind of unreachable counts
 *   the same. Each of these two faults ends the consumer, and one in three of the consumers that replace it.
 * - It sends five heartbeats to a coordinator that is gone, a second or more apart, before it gives up. Here the first heartbeat that does
 *   not reach its coordinator ends the consumer. The next one has a new client, which finds the new coordinator. (A rejoin with the same
 *   client is not safe: it was seen to wait for ever on a connection that was about to close.)
 *
 * `dead-broker-patch.unit.spec.ts` fails when a new version no longer needs this.
 */
interface Broker {
  isConnected(): boolean;
}
interface BrokerPool {
  readonly brokers: Readonly<Record<string, Broker>>;
  findBroker(which: { nodeId: string }): Promise<Broker>;
  withBroker<T>(callback: (found: { nodeId: string; broker: Broker }) => Promise<T>): Promise<T | null>;
}
interface Cluster {
  findBroker(which: { nodeId: string }): Promise<Broker>;
}
interface ConsumerGroup {
  heartbeat(which: { interval: number }): Promise<void>;
}

const load = createRequire(import.meta.url);
const { prototype: pool } = load('kafkajs/src/cluster/brokerPool.js') as { prototype: BrokerPool };
const { prototype: cluster } = load('kafkajs/src/cluster/index.js') as { prototype: Cluster };
const { prototype: group } = load('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };
const { KafkaJSBrokerNotFound } = load('kafkajs/src/errors.js') as {
  KafkaJSBrokerNotFound: new (message: string) => Error;
};

export const original = { withBroker: pool.withBroker, findBroker: cluster.findBroker, heartbeat: group.heartbeat };

pool.withBroker = async function <T>(
  this: BrokerPool,
  callback: (found: { nodeId: string; broker: Broker }) => Promise<T>,
): Promise<T | null> {
  const nodeIds = Object.keys(this.brokers);
  if (nodeIds.length === 0) throw new KafkaJSBrokerNotFound('No brokers in the broker pool');
  const rank = (nodeId: string): number => (this.brokers[nodeId]?.isConnected() ? 0 : 1) + Math.random() / 2;
  const ranked = nodeIds.map((nodeId) => ({ nodeId, rank: rank(nodeId) })).sort((a, b) => a.rank - b.rank);
  let unreachable: unknown;
  let reached = false;
  for (const { nodeId } of ranked) {
    let broker: Broker;
    try {
      broker = await this.findBroker({ nodeId });
      reached = true;
    } catch (error) {
      unreachable = error;
      continue;
    }
    try {
      return await callback({ nodeId, broker });
    } catch {
      // As in kafkajs: the next broker is asked.
    }
  }
  if (!reached) throw unreachable;
  return null;
};

/** kafkajs looks up the coordinator of a group again after an error with this code. */
const REFUSED = 'ECONNREFUSED';

cluster.findBroker = async function (this: Cluster, which): Promise<Broker> {
  try {
    return await original.findBroker.call(this, which);
  } catch (error) {
    if (error instanceof Error && error.name === 'KafkaJSConnectionError') Object.assign(error, { code: REFUSED });
    throw error;
  }
};

const UNREACHABLE: ReadonlySet<string> = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError']);

/** kafkajs ends a consumer without a retry for an error of this name. */
class CoordinatorGoneError extends Error {
  override readonly name = 'KafkaJSNoBrokerAvailableError';
  readonly retriable = true;
}

group.heartbeat = async function (this: ConsumerGroup, which): Promise<void> {
  try {
    await original.heartbeat.call(this, which);
  } catch (error) {
    if (!(error instanceof Error) || !UNREACHABLE.has(error.name)) throw error;
    throw new CoordinatorGoneError('the coordinator of the group cannot be reached', { cause: error });
  }
};
