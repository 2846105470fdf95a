import type { OrderMessage } from '../shared/representations.js';
import type { OperableSaga } from './operable-saga.js';

/** The evidence about a saga beside the saga itself. Times are milliseconds since the epoch, by the clock of their writer. */
export interface Evidence {
  readonly saga: OperableSaga;
  /** Of its order, as Kafka has them. */
  readonly messages: readonly OrderMessage[];
  readonly databases: readonly DatabaseEvidence[];
  /** What could not be reached, a sentence each. */
  readonly missing: readonly string[];
}

export interface DatabaseEvidence {
  readonly service: string;
  /** Of the messages above: those that this service has handled. */
  readonly inbox: readonly { readonly id: string; readonly receivedAt: number }[];
  /** Not known to be in Kafka. */
  readonly outbox: readonly OutboxRow[];
  readonly parked: readonly ParkedRow[];
  readonly rows: readonly EntityRow[];
  readonly timers: readonly TimerRow[];
  /** Duplicates that the process which was asked has dropped lately. */
  readonly dropped: readonly DroppedRow[];
  /** How far the service's group has read the partition of the order in each topic. */
  readonly positions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly committed: string | null;
  }[];
}

export interface DroppedRow {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly at: number;
}

export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly type: string | null;
  readonly createdAt: number;
}

export interface ParkedRow {
  readonly id: string;
  readonly type: string | null;
  readonly state: string;
  readonly cause: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly parkedAt: number;
}

/** A versioned row about the order, as it is now. */
export interface EntityRow {
  readonly table: string;
  readonly key: string;
  readonly version: number;
  readonly state: string;
}

export interface TimerRow {
  readonly name: string;
  readonly dueAt: number;
  /** When the timer fires: later than `dueAt` when firing it has failed. */
  readonly firesAt: number;
  readonly failures: number;
}
