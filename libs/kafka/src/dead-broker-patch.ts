import { createRequire } from 'node:module';

/**
 * kafkajs 2.2.4 asks a broker drawn by lot who coordinates a group, and gives up when it draws one that is dead, though the others would
 * answer (`withBroker` looks outside of its `try`). And it tries again to reach a coordinator that died only when its port refuses: of one
 * whose name is gone (`getaddrinfo ENOTFOUND`, a stopped container) or that is silent it says that trying again cannot help. Each
 * costs the consumer its life, and one in three of the next lives is lost in the same way. And it beats its heart to a coordinator that is
 * gone, five times, a second or more apart, before it gives up and another life looks for the new one.
 *
 * Here brokers that cannot be reached are passed over, those that are connected are asked first, every kind of unreachable counts the
 * same, and the first heartbeat that does not reach its coordinator ends the consumer: its next life has a new client, and finds the new one.
 * (To join again with the same client is not safe: it was seen to wait for ever on a connection that was about to close.)
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
      // As kafkajs does: the next is asked.
    }
  }
  if (!reached) throw unreachable;
  return null;
};

/** The code for which kafkajs looks for a group's coordinator again. */
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

/** Its name is one of those for which kafkajs ends a consumer without trying again. */
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
