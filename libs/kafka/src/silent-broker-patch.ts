import { createRequire } from 'node:module';

/**
 * kafkajs 2.2.4 takes a broker for connected as soon as its port accepts. Of one that accepts and says nothing (its process is stopped, its
 * machine hangs) the first request times out; the connection stays, and counts: the pool prefers this broker to those that answer, and
 * each request to it fails with "Broker not connected", which is not to be tried again. No fresh metadata came from such a pool any more.
 *
 * Here a broker whose connecting failed is disconnected, and one that does not answer in time is unreachable as one that refuses.
 * `silent-broker-patch.unit.spec.ts` fails when a new version no longer needs this.
 */
interface Broker {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const load = createRequire(import.meta.url);
const { prototype: broker } = load('kafkajs/src/broker/index.js') as { prototype: Broker };
const { KafkaJSConnectionError } = load('kafkajs/src/errors.js') as {
  KafkaJSConnectionError: new (message: string, details?: object) => Error;
};

export const originalConnect = broker.connect;

broker.connect = async function (this: Broker): Promise<void> {
  try {
    await originalConnect.call(this);
  } catch (error) {
    await this.disconnect();
    if (!(error instanceof Error) || error.name !== 'KafkaJSRequestTimeoutError') throw error;
    throw new KafkaJSConnectionError(`Connection error: ${error.message}`, { code: 'ETIMEDOUT' });
  }
};
