import type { KafkaSecurity } from './security.js';

/** What this library needs of a logger. The logger of `@backstep/service` fits. */
export interface KafkaLogger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** How Kafka is reached, and as whom. */
export interface KafkaOptions {
  /** `host:port` of the brokers to connect to first. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Without it the connection is in clear text and anonymous. See `kafkaSecurityFrom`. */
  readonly security?: KafkaSecurity | undefined;
  /** Without it nothing is logged. */
  readonly logger?: KafkaLogger;
}

const ignore = (): void => undefined;
export const SILENT: KafkaLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
