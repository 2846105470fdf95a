import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { originalSchedule } from './request-queue-patch.js';

/** Goal: an idle connection arms no timers, and this spec fails once kafkajs has fixed that itself. */
interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
}
const load = createRequire(import.meta.url);
const RequestQueue = load('kafkajs/src/network/requestQueue/index.js') as new (options: object) => RequestQueue;
const { version } = load('kafkajs/package.json') as { version: string };

const idleQueue = (): RequestQueue => new RequestQueue({ logger: { debug: () => undefined } });

describe('the request queue of kafkajs', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('a request queue with nothing pending arms no timer', () => {
    idleQueue().checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a request queue arms a timer when a request is pending, and when the broker throttles', () => {
    const pending = idleQueue();
    pending.pending.push({});
    pending.scheduleCheckPendingRequests();
    const throttled = idleQueue();
    throttled.throttledUntil = Date.now() + 1_000;
    throttled.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(2);
  });

  it(`kafkajs ${version} still wakes up while nothing is pending; when this fails, delete request-queue-patch.ts`, () => {
    const queue = idleQueue();
    let wakeUps = 0;
    queue.scheduleCheckPendingRequests = originalSchedule;
    queue.checkPendingRequests = () => {
      wakeUps++;
      queue.scheduleCheckPendingRequests();
    };
    queue.scheduleCheckPendingRequests();
    jest.advanceTimersByTime(50);
    expect(wakeUps).toBeGreaterThan(40);
  });
});
