import type { Percentiles } from './measure/percentiles.js';

/** What `--json` writes, an array of: what a scenario measured, and what the start of everything did. */
export type Measurement = Result | StartResult;

/** `npm start`, of what is installed, built and ran before. */
export interface StartResult {
  readonly scenario: 'start';
  /** From the command to the end of the first order. */
  readonly firstOrderSeconds: number;
}

export const resultsOf = (measurements: readonly Measurement[]): Result[] =>
  measurements.filter((one): one is Result => 'latencyMs' in one);

/** As JSON: an array with a line for each element, its numbers with five digits. */
export const written = (all: readonly (Measurement | Second)[]): string =>
  `[\n${all.map((one) => JSON.stringify(one, fiveDigits)).join(',\n')}\n]\n`;

/** For JSON.stringify. */
export const fiveDigits = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;

/** What one scenario measured. Times are milliseconds. NaN is written as null. */
export interface Result {
  readonly scenario: string;
  readonly load: string;
  readonly seconds: number;
  readonly instances: number;
  readonly confirmedPerSecond: number;
  readonly acceptedPerSecond: number;
  /** Confirmed and rejected: what `mix` is judged by. */
  readonly endedPerSecond: number;
  /** In which no order ended, within the window, ms. */
  readonly longestGapMs: number;
  /** From the moment an order was meant to be placed until its end is seen in Kafka. */
  readonly latencyMs: Percentiles;
  /** From the same moment until its 202. */
  readonly postMs: Percentiles;
  /** By what runs, and `node` (all services), and `total` (with PostgreSQL, Kafka and the load). For each order that ended. */
  readonly cpuMsPerOrder: Readonly<Record<string, number>>;
  /** CPU time in all, as a share of one core. */
  readonly cores: Readonly<Record<string, number>>;
  /** Transactions that wrote. */
  readonly commitsPerOrder: number;
  /** All transactions: nearly every one is one statement. */
  readonly statementsPerOrder: number;
  readonly walBytesPerOrder: number;
  readonly messagesPerOrder: number;
  /** What the log of Kafka grows by, with one replica. */
  readonly kafkaBytesPerOrder: number;
  /** What the databases grow by: tables, indexes, and what vacuum has not come to. */
  readonly databaseBytesPerOrder: number;
  /** Messages and requests a transaction, by service. */
  readonly meanBatch: Readonly<Record<string, number>>;
  readonly residentMb: Readonly<Record<string, number>>;
  readonly eventLoopDelayMs: number;
  /** Cores that this machine wanted and others on its host had. */
  readonly stolenCores: number;
  /** CPU time of reading and writing 1.5 KB of JSON meanwhile, µs: what a CPU-ms was worth. */
  readonly jsonMicroseconds: number;
  readonly refusedLater: number;
  /** By the status of the answer, or `no answer`. */
  readonly refusedOtherwise: Readonly<Record<string, number>>;
  /** Accepted, and not ended two minutes after the last was placed. */
  readonly unfinished: number;
  /** After the last order was placed, until all had ended. */
  readonly settledSeconds: number;
  /** When all had ended, and the relays had a moment: what is left in all outboxes, and the room they take. */
  readonly outbox: { readonly rows: number; readonly mb: number };
  /** The last minute's means as multiples of the first minute's. */
  readonly drift: { readonly p50: number; readonly nodeResidentMb: number };
}

/** One second of the window: what `--series` writes. */
export interface Second {
  readonly second: number;
  readonly ended: number;
  readonly p50: number;
  readonly p99: number;
  readonly nodeResidentMb: number;
}
