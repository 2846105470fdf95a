import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { isTransient } from './errors.js';
import { originalConnect } from './silent-broker-patch.js';

/** Goal: a broker that accepts and never answers is not taken for connected. Method: kafkajs' own broker, on a connection that never answers. */
const load = createRequire(import.meta.url);
interface Broker {
  connect(): Promise<void>;
  isConnected(): boolean;
}
const Broker = load('kafkajs/src/broker/index.js') as new (options: object) => Broker;
const { KafkaJSRequestTimeoutError } = load('kafkajs/src/errors.js') as {
  KafkaJSRequestTimeoutError: new (message: string, details: object) => Error;
};
const { version } = load('kafkajs/package.json') as { version: string };

function silentBroker(): Broker {
  let accepted = false;
  const connectionPool = {
    isConnected: () => accepted,
    getConnection: () => Promise.resolve((accepted = true)),
    send: () =>
      Promise.reject(new KafkaJSRequestTimeoutError('Request ApiVersions(key: 18, version: 2) timed out', {})),
    destroy: () => Promise.resolve((accepted = false)),
  };
  const logger = { namespace: () => logger, debug: () => undefined };
  return new Broker({ connectionPool, logger });
}

it('a broker that accepts a connection and never answers is not connected, and counts as unreachable', async () => {
  const broker = silentBroker();
  const failure: unknown = await broker.connect().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'KafkaJSConnectionError', code: 'ETIMEDOUT' });
  expect(isTransient(failure)).toBe(true);
  expect(broker.isConnected()).toBe(false);
});

it(`kafkajs ${version} still takes a silent broker for connected; when this fails, delete silent-broker-patch.ts`, async () => {
  const broker = silentBroker();
  await expect(originalConnect.call(broker as never)).rejects.toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
  expect(broker.isConnected()).toBe(true);
});
