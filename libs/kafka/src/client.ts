import './dead-broker-patch.js';
import './silent-broker-patch.js';
import './request-queue-patch.js';
import './protocol/codec-patch.js';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type RetryOptions, type SASLOptions } from 'kafkajs';
import { SILENT, type KafkaLogger, type KafkaOptions } from './options.js';

const CONNECT_TIMEOUT_MS = 3_000;
export const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 60_000;

/** kafkajs retries for some two seconds. After that our own supervision decides. The defaults of kafkajs differ under NODE_ENV=test. */
const RETRY: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 4 };

/** kafkajs leaves Nagle's algorithm on: a request that follows another at once would wait for the first one's TCP acknowledgement. */
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS };
  if (!ssl) return connectTcp(options, onConnect);
  // SNI carries a host name, never an IP address. The certificate is compared with the address all the same.
  return connectTls({ ...options, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect);
};

export function createClient({ brokers, clientId, security, logger = SILENT }: KafkaOptions): Kafka {
  const { ssl, sasl } = security ?? {};
  return new Kafka({
    brokers: shuffled(brokers),
    clientId,
    ...(ssl && { ssl }),
    ...(sasl && { sasl: sasl as SASLOptions }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: () => bridge(logger),
  });
}

/** kafkajs begins with the first broker. If that one is dead, each new client would wait for it. */
function shuffled(brokers: readonly string[]): string[] {
  return brokers
    .map((broker) => ({ broker, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ broker }) => broker);
}

/** kafkajs logs an error for each attempt that it repeats and for each answer that it throws. The caller logs the failure, once. */
const bridge =
  (logger: KafkaLogger) =>
  ({ namespace, level, log }: { namespace: string; level: logLevel; log: { message: string } }): void => {
    const { message, ...fields } = log;
    const text = `kafkajs ${namespace}: ${message}`;
    if (level === logLevel.WARN) logger.warn(text, fields);
    else logger.debug(text, fields);
  };
