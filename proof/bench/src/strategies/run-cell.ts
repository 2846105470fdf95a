import { delay } from '@backstep/resilience';
import { Random } from '@backstep/simulation';
import { percentilesOf } from '../measure/percentiles.js';
import { drawOf, uniform } from './loads.js';
import type { Cell, Place } from './report.js';
import type { Sessions } from './sessions.js';
import { fill, KEYS, taken } from './stock.js';
import { Tally, type Strategy, type Writers } from './strategy.js';

export interface Window {
  /** Measured, seconds. */
  readonly seconds: number;
  readonly round: number;
  readonly signal: AbortSignal;
}

/** Before what is measured, the clients run for as long as this share of it; longer where a strategy has to settle, and up to twice as long. */
const WARM_UP = 0.2;
const SETTLE_MAX = 2;

/**
 * Runs one strategy in one place, and compares what was acknowledged with what is in the rows.
 * @throws what a client met that is no conflict
 */
export async function runCell(
  strategy: Strategy,
  place: Place,
  sessions: Sessions,
  { seconds, round, signal }: Window,
): Promise<Cell> {
  signal.throwIfAborted();
  await fill(sessions.admin, strategy.counts);
  const tally = new Tally();
  const { workMs } = place;
  const writers = strategy.begin({
    sessions: sessions.clients.slice(0, place.clients),
    pools: sessions.pools,
    tally,
    work: () => (workMs === 0 ? undefined : delay(workMs)),
  });
  const warmUp = Math.max(WARM_UP * seconds, Math.min(strategy.settlesSeconds ?? 0, SETTLE_MAX * seconds));
  const measured = new Measured(warmUp, seconds);
  try {
    await allOf(
      Array.from({ length: place.clients }, (_, client) => runClient(client, place, writers, measured, signal)),
    );
  } finally {
    await writers.end?.();
  }
  const { p50, p99 } = percentilesOf(measured.latencies);
  return {
    ...place,
    round,
    opsPerSecond: measured.within / seconds,
    p50,
    p99,
    attempts: tally.attempts,
    conflicts: tally.conflicts,
    acknowledged: measured.acknowledged,
    lost: measured.acknowledged - (await taken(sessions.admin, strategy.counts)),
  };
}

/** The window of one cell, and what ended in it. */
class Measured {
  readonly latencies: number[] = [];
  acknowledged = 0;
  within = 0;
  private readonly from: number;
  private readonly to: number;

  constructor(warmUp: number, seconds: number) {
    this.from = performance.now() + warmUp * 1_000;
    this.to = this.from + seconds * 1_000;
  }

  isOver = (): boolean => performance.now() >= this.to;

  add(beganAt: number): void {
    const now = performance.now();
    this.acknowledged++;
    if (now >= this.from && now < this.to) this.within++;
    // Also of what began before the window: what starves for longer than a window would be left out otherwise.
    if (now >= this.from) this.latencies.push(now - beganAt);
  }
}

async function runClient(
  client: number,
  { load, keys, clients }: Place,
  writers: Writers,
  measured: Measured,
  signal: AbortSignal,
): Promise<void> {
  const draw = keys === KEYS || load !== 'uniform' ? drawOf(load) : uniform(keys);
  const random = new Random(client + 1 + clients);
  while (!measured.isOver() && !signal.aborted) {
    const began = performance.now();
    const key = String(draw(random));
    if (!(await writers.take(client, key))) throw new Error(`nothing is left of ${key}`);
    measured.add(began);
  }
  signal.throwIfAborted();
}

/** As Promise.all, but waits for the others before it throws: their sessions are used again. */
async function allOf(clients: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(clients)).find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
}
