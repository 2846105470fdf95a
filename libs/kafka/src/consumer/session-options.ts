import type { MessageBatch } from '../message.js';
import type { KafkaOptions } from '../options.js';
import type { LogReset } from './committed-offsets.js';
import type { ExpressHooks } from './express-side.js';
import type { Membership } from './former-membership.js';

export interface SessionHandlers {
  /** Resolves to true when everything in the batch is durable, to false when the batch is to be delivered again. Never rejects. */
  deliver(batch: MessageBatch): Promise<boolean>;
  /** Awaited before the first batch of an assignment. Never rejects. */
  prepare(shards: readonly number[], ended: AbortSignal): Promise<void>;
  /** Awaited before the partitions can go to another member. */
  letGo(shards: readonly number[]): Promise<void>;
  /** @returns whether consumption starts paused */
  joined(): 'paused' | 'running';
  /** The log of a partition is not the one that was read before. */
  logReset(reset: LogReset): void;
}

export interface SessionOptions extends KafkaOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly partitionsPerTopic: number;
  readonly host?: string | undefined;
  readonly address?: (() => string | undefined) | undefined;
  /** The membership of the session before this one, when that one crashed. */
  readonly former: Membership | undefined;
  readonly silenceTimeoutMs?: number;
  readonly express?: ExpressHooks | undefined;
}
