import { setTimeout as delay } from 'node:timers/promises';
import { Load, type LoadShape } from '../load/load.js';
import { spread } from '../load/orders.js';
import type { Started } from '../system/start.js';

/** Under load, before anything is measured. */
const SETTLE_MS = 3_000;
const FILLED_BY = 64;
/** A system in which no order ends for so long has failed. */
const NO_END_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** As {@link Load} names it. */
const NO_ANSWER = 'no answer';
/** With fewer than this share of the orders that were wanted, it is another measurement. */
const RATE_ENOUGH = 0.9;

/** How many orders were accepted in a while. */
export interface Rate {
  readonly perSecond: number;
  /** undefined: the system took as many orders as was wanted. */
  readonly tooFew: string | undefined;
}

export interface AtRate<T> {
  readonly measured: T;
  /** While it was measured. */
  readonly rate: Rate;
  /** Between two moments of this process's monotonic clock. */
  readonly rateBetween: (from: number, to: number) => Rate;
}

/**
 * Works while so many orders a second are placed.
 * @throws Error when orders do not end, or are refused other than for later
 */
export async function atRate<T>(
  { gatewayUrls, outcomes }: Started,
  perSecond: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<AtRate<T>> {
  const load = new Load(gatewayUrls, outcomes, spread, { kind: 'open', perSecond });
  return ended(load, async () => {
    await delay(SETTLE_MS, undefined, { signal });
    const from = performance.now();
    const measured = await work();
    const to = performance.now();
    await endWell(load, outcomes);
    const rateBetween = (since: number, until: number): Rate => {
      const accepted = [...load.samples].filter(({ acceptedAt }) => acceptedAt >= since && acceptedAt < until).length;
      return rateOf(accepted / ((until - since) / 1_000), perSecond);
    };
    return { measured, rate: rateBetween(from, to), rateBetween };
  });
}

export const rateOf = (perSecond: number, wanted: number): Rate => ({
  perSecond,
  tooFew: perSecond < RATE_ENOUGH * wanted ? `only ${perSecond.toFixed(0)} orders/s were accepted` : undefined,
});

/** Places so many orders, and waits until they have ended. @throws Error when they do not */
export async function fill({ gatewayUrls, outcomes }: Started, orders: number, signal: AbortSignal): Promise<void> {
  const shape: LoadShape = { kind: 'closed', clients: FILLED_BY };
  const load = new Load(gatewayUrls, outcomes, spread, shape);
  await ended(load, async () => {
    let before = 0;
    let since = performance.now();
    while (load.samples.size < orders) {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      outcomes.assertFollowing();
      if (load.samples.size > before) {
        before = load.samples.size;
        since = performance.now();
      }
      if (performance.now() - since > NO_END_MS)
        throw new Error(`no order has ended for ${NO_END_MS / 1_000} s; refused: ${JSON.stringify(load.refusals)}`);
    }
    await endWell(load, outcomes);
  });
}

async function ended<T>(load: Load, work: () => Promise<T>): Promise<T> {
  load.start();
  try {
    return await work();
  } catch (error) {
    // Not waited for: what does not end now will not.
    void load.stop();
    throw error;
  }
}

/** Whom a system that is busier than it can be does not answer in time is no fault of it: the rate tells. An answer that should not be is one. */
async function endWell(load: Load, outcomes: Started['outcomes']): Promise<void> {
  const unfinished = await load.stop();
  outcomes.assertFollowing();
  const { refusals, samples } = load;
  const isWrong = Object.keys(refusals.otherwise).some((how) => how !== NO_ANSWER);
  if (unfinished > 0 || samples.size === 0 || isWrong)
    throw new Error(
      `${samples.size} orders have ended, ${unfinished} have not, and these were refused: ${JSON.stringify(refusals)}`,
    );
}
