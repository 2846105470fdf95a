import { Random } from '@backstep/simulation';
import { FAULTS } from './faults/index.js';
import type { Fault, Touched } from './faults/fault.js';
import type { LinkName } from './system/links.js';
import { weighted } from './weighted.js';

/** One fault, when it begins and how long it lasts, in ms from the beginning of the load. */
export interface Planned {
  readonly fault: Fault;
  readonly beginMs: number;
  readonly endMs: number;
  /** Of the generator that everything else about it is drawn from. */
  readonly seed: number;
}

/** Everything about a run that is drawn, and drawn from its seed alone. */
export interface Plan {
  readonly seed: number;
  readonly durationMs: number;
  /** Of each service that has a database. */
  readonly instances: number;
  /** So many processes of all services instead of a process for each instance. */
  readonly hosts?: number | undefined;
  /** Services hand over from process to process. */
  readonly sockets: boolean;
  readonly schedule: readonly Planned[];
  /** Any fault could have been drawn. */
  readonly ofAllFaults: boolean;
  readonly loadSeed: number;
  readonly links: ReadonlySet<LinkName>;
  readonly clocks: readonly string[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** Default: one or two, by the seed. */
  readonly instances?: number | undefined;
  /** Default: services run apart. */
  readonly hosts?: number | undefined;
  /** Default: what services hand over goes by Kafka, or to those of the same process. */
  readonly sockets?: boolean;
  /** Names of those to draw from; default all. */
  readonly faults?: readonly string[] | undefined;
}

/** The first orders flow undisturbed, so that there is something to disturb. */
const CALM_MS = 3_000;
/** From the beginning of one fault to that of the next. Shorter than most faults last: they overlap. */
const BETWEEN_MS = [1_500, 8_000] as const;
/** Of every run, early: without them it might drop no duplicate and start nothing again, and prove little. */
const ALWAYS = ['kill -9', 'messages produced again'];
const SEED_MAX = 2 ** 31 - 1;

/** @throws RangeError when a fault is named that there is not */
export function drawPlan({ seed, durationMs, instances, hosts, sockets = false, faults }: PlanOptions): Plan {
  const random = new Random(seed);
  const drawnInstances = random.between(1, 2);
  const loadSeed = random.between(1, SEED_MAX);
  const schedule = drawSchedule(random, durationMs, choose(faults, sockets));
  return {
    seed,
    durationMs,
    instances: hosts ?? instances ?? drawnInstances,
    hosts,
    sockets,
    loadSeed,
    schedule,
    ofAllFaults: faults === undefined,
    links: new Set(schedule.flatMap(({ fault, seed: own }) => fault.links?.(new Random(own)) ?? [])),
    clocks: [...new Set(schedule.flatMap(({ fault, seed: own }) => fault.clocks?.(new Random(own)) ?? []))],
  };
}

function choose(names: readonly string[] | undefined, sockets: boolean): readonly Fault[] {
  const all = FAULTS.filter(({ wants }) => wants === undefined || sockets);
  if (!names) return all;
  return names.map((name) => {
    const fault = all.find((candidate) => candidate.name === name);
    if (!fault) throw new RangeError(`no fault "${name}"; there are: ${all.map((known) => known.name).join(', ')}`);
    return fault;
  });
}

function drawSchedule(random: Random, durationMs: number, faults: readonly Fault[]): Planned[] {
  const planned: Planned[] = [];
  const wanted = new Set(faults.filter(({ name, wants }) => ALWAYS.includes(name) || wants !== undefined));
  const [shortest, longest] = BETWEEN_MS;
  for (let at = CALM_MS; at < durationMs; at += random.between(shortest, longest)) {
    const fault = drawFault(random, at, planned, wanted) ?? drawFault(random, at, planned, faults);
    if (!fault) continue;
    wanted.delete(fault);
    const [min, max] = fault.lastsMs;
    const endMs = Math.min(durationMs, at + random.between(min, max));
    planned.push({ fault, beginMs: at, endMs, seed: random.between(1, SEED_MAX) });
  }
  return planned;
}

/** @returns one that shares nothing with those that last; undefined when there is none: the time is left calm. */
function drawFault(random: Random, at: number, planned: readonly Planned[], faults: Iterable<Fault>) {
  const busy = new Set<Touched>(planned.filter(({ endMs }) => endMs > at).flatMap(({ fault }) => fault.touches));
  const free = [...faults].filter(
    (fault) =>
      !fault.touches.some((touched) => busy.has(touched)) &&
      !planned.some(({ fault: { name } }) => fault.notWith?.includes(name)),
  );
  if (free.length === 0) return undefined;
  return weighted(
    random,
    free.map((fault) => [fault, fault.weight] as const),
  );
}
