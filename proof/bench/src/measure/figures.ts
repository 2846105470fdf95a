import type { Result, Second } from '../result.js';
import type { Refusals } from '../load/load.js';
import type { Sample } from '../load/samples.js';
import { percentilesOf } from './percentiles.js';
import type { Reading } from './probe.js';
import { MB } from './units.js';

const NOT_NODE = new Set(['postgres', 'kafka', 'load']);

/** Memory, and how fast the machine is, now and then while a scenario runs. */
export interface MachineSample {
  readonly at: number;
  readonly residentBytes: Readonly<Record<string, number>>;
  readonly jsonMicroseconds: number;
}

export interface Measured {
  readonly scenario: string;
  readonly load: string;
  readonly instances: number;
  /** When the window was opened and closed. */
  readonly from: Reading;
  readonly to: Reading;
  readonly samples: Iterable<Sample>;
  readonly machine: readonly MachineSample[];
  readonly refusals: Refusals;
  readonly unfinished: number;
  readonly settledSeconds: number;
  readonly outbox: Result['outbox'];
  /** Processes were restarted meanwhile, and what they counted is gone. */
  readonly restarted: boolean;
}

/** Rates and costs are of what ended within the window; latencies of what was placed in it, whenever it ended. */
export function resultOf(measured: Measured): Result {
  const { scenario, load, instances, from, to, refusals, unfinished, settledSeconds, outbox, restarted } = measured;
  const seconds = (to.at - from.at) / 1_000;
  const within = (at: number): boolean => at >= from.at && at < to.at;
  const samples = [...measured.samples];
  const ended = samples.filter(({ endedAt }) => within(endedAt));
  const placed = samples.filter(({ startedAt }) => within(startedAt));
  const perOrder = (after: number, before: number): number => (after - before) / ended.length;
  const cpuMs = mapped(difference(to.cpuMs, from.cpuMs), (ms) => (restarted ? NaN : ms));
  const withSums = { ...cpuMs, node: sumOf(cpuMs, (name) => !NOT_NODE.has(name)), total: sumOf(cpuMs) };
  return {
    scenario,
    load,
    seconds,
    instances,
    confirmedPerSecond: ended.filter(({ ending }) => ending === 'CONFIRMED').length / seconds,
    acceptedPerSecond: samples.filter(({ acceptedAt }) => within(acceptedAt)).length / seconds,
    endedPerSecond: ended.length / seconds,
    longestGapMs: longestGap(ended.map(({ endedAt }) => endedAt)),
    latencyMs: percentilesOf(placed.map(({ startedAt, endedAt }) => endedAt - startedAt)),
    postMs: percentilesOf(placed.map(({ startedAt, acceptedAt }) => acceptedAt - startedAt)),
    cpuMsPerOrder: mapped(withSums, (ms) => ms / ended.length),
    cores: mapped(withSums, (ms) => ms / 1_000 / seconds),
    commitsPerOrder: perOrder(to.writes, from.writes),
    statementsPerOrder: perOrder(to.transactions, from.transactions),
    walBytesPerOrder: perOrder(to.walBytes, from.walBytes),
    messagesPerOrder: perOrder(to.messages, from.messages),
    kafkaBytesPerOrder: perOrder(to.kafkaBytes, from.kafkaBytes),
    databaseBytesPerOrder: perOrder(to.databaseBytes, from.databaseBytes),
    meanBatch: restarted ? {} : batches(from, to),
    residentMb: residentOf(measured),
    eventLoopDelayMs: to.eventLoopDelayMs,
    stolenCores: (to.stolenMs - from.stolenMs) / 1_000 / seconds,
    jsonMicroseconds: percentilesOf(measured.machine.map((sample) => sample.jsonMicroseconds)).p50,
    refusedLater: refusals.later,
    refusedOtherwise: { ...refusals.otherwise },
    unfinished,
    settledSeconds,
    outbox,
    drift: driftOf(seriesOf(measured)),
  };
}

/** Between two of these moments that follow each other. */
function longestGap(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return sorted.reduce((longest, at, index) => Math.max(longest, at - (sorted[index - 1] ?? at)), 0);
}

type Numbers = Readonly<Record<string, number>>;

const mapped = (numbers: Numbers, change: (value: number) => number): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, change(value)]));

const difference = (after: Numbers, before: Numbers): Numbers =>
  Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));

export const sumOf = (numbers: Numbers, counts: (name: string) => boolean = () => true): number =>
  Object.entries(numbers).reduce((sum, [name, value]) => (counts(name) ? sum + value : sum), 0);

const batches = (from: Reading, to: Reading): Numbers =>
  Object.fromEntries(
    Object.entries(to.batches).map(([name, { count, messages }]) => {
      const before = from.batches[name] ?? { count: 0, messages: 0 };
      return [name, (messages - before.messages) / (count - before.count)];
    }),
  );

const nodeMb = (residentBytes: Numbers): number => sumOf(residentBytes, (name) => !NOT_NODE.has(name)) / MB;

/** The most that was seen of each, and of all services together. */
function residentOf({ machine, to }: Measured): Numbers {
  const all = [...machine, to].map(({ residentBytes }) => residentBytes);
  const most = (read: (bytes: Numbers) => number): number => all.reduce((max, bytes) => Math.max(max, read(bytes)), 0);
  const names = Object.keys(to.residentBytes);
  const each = names.map((name) => [name, most((bytes) => (bytes[name] ?? 0) / MB)] as const);
  return { ...Object.fromEntries(each), node: most(nodeMb) };
}

/** The window second by second: the orders that ended in each, and the memory seen in it. */
export function seriesOf({ samples, from, to, machine }: Measured): Second[] {
  const seconds = Math.floor((to.at - from.at) / 1_000);
  const latencies = Array.from({ length: seconds }, (): number[] => []);
  for (const { startedAt, endedAt } of samples) {
    latencies[Math.floor((endedAt - from.at) / 1_000)]?.push(endedAt - startedAt);
  }
  return latencies.map((values, second) => {
    const { p50, p99 } = percentilesOf(values);
    const seen = machine.filter(({ at }) => at <= from.at + (second + 1) * 1_000).at(-1);
    return { second, ended: values.length, p50, p99, nodeResidentMb: seen ? nodeMb(seen.residentBytes) : NaN };
  });
}

/** A window shorter than two of these has a first and a last part that overlap. */
const DRIFT_SECONDS = 60;

function driftOf(series: readonly Second[]): Result['drift'] {
  const ratio = (read: (second: Second) => number): number => {
    const mean = (seconds: readonly Second[]): number =>
      seconds.map(read).reduce((sum, value) => sum + value, 0) / seconds.length;
    return mean(series.slice(-DRIFT_SECONDS)) / mean(series.slice(0, DRIFT_SECONDS));
  };
  return { p50: ratio(({ p50 }) => p50), nodeResidentMb: ratio(({ nodeResidentMb }) => nodeResidentMb) };
}
