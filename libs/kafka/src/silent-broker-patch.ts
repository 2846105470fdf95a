import { createRequire } from 'node:module';

/**
 * kafkajs 2.2.4 takes a broker for connected as soon as its port accepts. When the broker then says nothing (its process is stopped, its
 * machine hangs), the first request times out, but the connection still counts as open. The pool prefers this broker to those that answer,
 * and each request to it fails with "Broker not connected", which is not retried. Such a pool never got fresh metadata again.
 *
 * Here a broker whose connect failed is disconnected, and a broker that does not answer in time counts as unreachable, like one that refuses.
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
