import { afterAll, beforeAll } from '@jest/globals';
import type { SystemOptions } from '@backstep/infrastructure';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { startTestSystem, type TestSystem } from './test-system.fixture.spec.js';

/**
 * The system that the chapters of one spec file share: to start one costs more than most chapters do. A chapter leaves all orders
 * ended and the doctor content, and says so; what it breaks it brings back. One that cannot comes last.
 */
export let system: TestSystem;

/** Starts it before the chapters of this file, and waits until the order service knows the products. */
export function shareSystem(options: Partial<SystemOptions> = {}): void {
  beforeAll(async () => {
    system = await startTestSystem(options);
    await waitUntil('orders are accepted', async () => {
      const request = { body: SAMPLES[0]?.order, headers: { 'idempotency-key': randomUUID() } };
      return (await system.api('POST', '/v1/orders', request)).status === 202;
    });
  }, 180_000);

  afterAll(() => system?.stop(), 30_000);
}
