import { createRequire } from 'node:module';

/**
 * kafkajs 2.2.4 arms a timer after every answer, with a negative delay and even when no request is pending. Its callback arms the next
 * one: 1,000 wake-ups a second on every connection, 3 % of a core each (tulios/kafkajs#1751).
 * Here the timer is armed only when a request is pending or throttled. `request-queue-patch.unit.spec.ts` fails when
 * a new version no longer needs this.
 */
interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const load = createRequire(import.meta.url);
const { prototype } = load('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };

export const originalSchedule = prototype.scheduleCheckPendingRequests;

prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
  originalSchedule.call(this);
};
