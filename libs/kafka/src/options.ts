import type { KafkaSecurity } from './security.js';

/** What this library needs of a logger; the platform's logger fits. */
export interface KafkaLogger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface KafkaOptions {
  /** `host:port` of the brokers to start from. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** In clear text, as nobody, without it. See `kafkaSecurityFrom`. */
  readonly security?: KafkaSecurity | undefined;
  /** Nothing is logged without one. */
  readonly logger?: KafkaLogger;
}

const ignore = (): void => undefined;
export const SILENT: KafkaLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
