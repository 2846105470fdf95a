import { setTimeout as delay } from 'node:timers/promises';
import type { CustomersRecord } from './record.js';

/** Longer than the gateway waits for the order service. */
export const ANSWER_WITHIN_MS = 15_000;
/** Between two tries with the same key. */
const PAUSE_MS = { min: 150, max: 900 };

export interface Shop {
  readonly gatewayUrl: string;
  readonly record: CustomersRecord;
  /** Aborted when customers stop waiting. */
  readonly closing: AbortSignal;
}

export const pause = (): Promise<void> => delay(PAUSE_MS.min + Math.random() * (PAUSE_MS.max - PAUSE_MS.min));
