import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { armPausePoints } from '@backstep/resilience';
import { Hold, PaymentKit, startProvider, type ProviderProcess } from './payment-service.fixture.spec.js';

/** Not a suite: the database and the stand-in that all specs of one file share. */
export let kit: PaymentKit;
export let provider: ProviderProcess;

/** Starts both before the specs of this file. Each spec begins without pause points. */
export function shareKit(): void {
  beforeAll(async () => {
    [kit, provider] = await Promise.all([PaymentKit.start(), startProvider()]);
  });
  afterEach(() => armPausePoints(undefined));
  afterAll(async () => {
    await kit.stop();
    await provider.stop();
  });
}

/** Holds the first who comes to this pause point, until let go. */
export function hold(name: string): Hold {
  const held = new Hold(name);
  armPausePoints(held.listener);
  return held;
}

/** The types of the events that are told of the order, oldest first, once `count` are out. */
export const eventsOf = async (orderId: string, count: number): Promise<(string | undefined)[]> =>
  (await kit.told(orderId, count)).map(({ type }) => type);

/** What the stand-in has captured and given back, of each charge of the order. */
export const heldAt = async (orderId: string): Promise<number[][]> =>
  (await provider.paymentsOf(orderId)).map(({ captured, refunded }) => [captured, refunded]);
