import type { Refusals } from '../../load/load.js';
import type { Sample } from '../../load/samples.js';
import { sumOf } from '../../measure/figures.js';
import { percentilesOf } from '../../measure/percentiles.js';
import type { Part } from '../compared-system.js';
import type { SagaTime } from './confirmations.js';
import type { Reading } from './meter.js';

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** What one phase of one system measured. Times are milliseconds. NaN is written as null. */
export interface Figures {
  /** Confirmed. */
  readonly ordersPerSecond: number;
  /** From the moment an order was meant to be placed until the commit of its confirmation. */
  readonly latencyMs: Percentiles;
  /** From `created_at` of an order until the same commit: without the way to the system, and without what it checks first. */
  readonly sagaMs: Percentiles;
  /** From the moment an order was meant to be placed until its 202. */
  readonly postMs: Percentiles;
  /** For each order that ended: by part, and `total`, which is the system alone, without stand-in and load. */
  readonly cpuMsPerOrder: Readonly<Record<Part | 'load' | 'total', number>>;
  /** CPU time of the system alone, ms a second. */
  readonly cpuMsPerSecond: number;
  /** What neither the system nor the stand-in nor the load has used, as a share of one core: others, and the kernel's own threads. */
  readonly otherCores: number;
  /** Cores that this machine wanted and others on its host had. */
  readonly stolenCores: number;
  readonly commitsPerOrder: number;
  readonly walBytesPerOrder: number;
  /** Of the system alone, at the end of the window. */
  readonly memoryMb: number;
  /** In the whole phase. */
  readonly refused: number;
  readonly unfinished: number;
}

export interface Window {
  readonly from: Reading;
  readonly to: Reading;
  readonly samples: Iterable<Sample>;
  readonly sagaTimes: readonly SagaTime[];
  readonly refusals: Refusals;
  readonly unfinished: number;
  readonly memoryMb: number;
}

/** Rates and costs are of what ended within the window; latencies of what was placed in it, whenever it ended. */
export function figuresOf({ from, to, samples, sagaTimes, refusals, unfinished, memoryMb }: Window): Figures {
  const ms = to.at - from.at;
  const within = (at: number): boolean => at >= from.at && at < to.at;
  const all = [...samples];
  const ended = all.filter(({ endedAt }) => within(endedAt));
  const placed = all.filter(({ startedAt }) => within(startedAt));
  const used = (part: Part | 'load'): number => to.cpuMs[part] - from.cpuMs[part];
  const system = used('node') + used('engine') + used('postgres');
  const perOrder = (amount: number): number => amount / ended.length;
  return {
    ordersPerSecond: (1_000 * ended.filter(({ ending }) => ending === 'CONFIRMED').length) / ms,
    latencyMs: short(placed.map(({ startedAt, endedAt }) => endedAt - startedAt)),
    sagaMs: short(
      sagaTimes.filter(({ acceptedAt }) => within(acceptedAt)).map(({ acceptedAt, endedAt }) => endedAt - acceptedAt),
    ),
    postMs: short(placed.map(({ startedAt, acceptedAt }) => acceptedAt - startedAt)),
    cpuMsPerOrder: {
      node: perOrder(used('node')),
      engine: perOrder(used('engine')),
      postgres: perOrder(used('postgres')),
      provider: perOrder(used('provider')),
      load: perOrder(used('load')),
      total: perOrder(system),
    },
    cpuMsPerSecond: (1_000 * system) / ms,
    otherCores: (to.busyMs - from.busyMs - system - used('provider') - used('load')) / ms,
    stolenCores: (to.stolenMs - from.stolenMs) / ms,
    commitsPerOrder: perOrder(to.writes - from.writes),
    walBytesPerOrder: perOrder(to.walBytes - from.walBytes),
    memoryMb,
    refused: refusals.later + sumOf(refusals.otherwise),
    unfinished,
  };
}

function short(values: readonly number[]): Percentiles {
  const { p50, p99 } = percentilesOf(values);
  return { p50, p99 };
}
