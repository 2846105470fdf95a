import type { Random } from './random.js';
import type { Peer } from './process.js';

/**
 * A named place between two steps of a process at which it can die. `before x`: the request is not sent. `after x`: the other side has carried
 * it out, and this process does not know. `told x`: the process has just got the answer.
 */
export const WINDOWS = [
  'before read',
  'before commit',
  'after commit',
  'told commit',
  'before publish',
  'after publish',
  'told publish',
  'before provider',
  'after provider',
  'told provider',
  'before offset commit',
] as const;
export type Window = (typeof WINDOWS)[number];

/** A fault, chosen before the run begins. Times are milliseconds after the start of the run. */
export type Fault =
  | {
      readonly kind: 'window';
      readonly service: string;
      readonly window: Window;
      /** The how-manieth time that this service passes there, counted from 1. */
      readonly nth: number;
      /** stop: SIGSTOP for `ms`. lose: the request, or its answer, is lost on the way. */
      readonly act: 'crash' | 'stop' | 'lose';
      readonly ms: number;
    }
  | { readonly kind: 'crash'; readonly at: number; readonly service: string; readonly instance: number }
  | {
      readonly kind: 'stop';
      readonly at: number;
      readonly service: string;
      readonly instance: number;
      readonly ms: number;
    }
  | {
      readonly kind: 'cut';
      readonly at: number;
      readonly service: string;
      readonly instance: number;
      readonly peer: Peer;
      readonly ms: number;
    }
  | { readonly kind: 'kafka away'; readonly at: number; readonly ms: number }
  | { readonly kind: 'database away'; readonly at: number; readonly service: string; readonly ms: number }
  | { readonly kind: 'log lost'; readonly at: number }
  | { readonly kind: 'duplicates'; readonly at: number; readonly count: number }
  | { readonly kind: 'rewind'; readonly at: number; readonly service: string }
  | {
      readonly kind: 'delay';
      readonly at: number;
      readonly topic: string;
      readonly partition: number;
      readonly ms: number;
    }
  | { readonly kind: 'stray answer'; readonly at: number }
  | { readonly kind: 'poison'; readonly at: number; readonly service: string }
  | {
      readonly kind: 'clock';
      readonly at: number;
      readonly service: string;
      readonly instance: number;
      readonly ms: number;
    };

export interface FaultSpace {
  readonly services: readonly string[];
  readonly instances: number;
  readonly topics: readonly string[];
  readonly partitions: number;
  /** Services with a worker that calls an external system. */
  readonly askProvider: readonly string[];
}

/** The numbers of faults of a run. The faults follow from the seed alone, so that a run can be repeated with fewer. */
export const FAULTS_MIN = 3;
export const FAULTS_MAX = 9;
/** Faults begin within this time; the orders of a run come in its first part. */
export const FAULTS_WITHIN_MS = 4_000;

/** How often an unhandleable message is among the faults. */
const POISONED = 0.25;

export function drawFaults(random: Random, space: FaultSpace): Fault[] {
  const faults = Array.from({ length: random.between(FAULTS_MIN, FAULTS_MAX) }, () => drawFault(random, space));
  if (!random.chance(POISONED)) return faults;
  return [...faults, { kind: 'poison', at: random.below(FAULTS_WITHIN_MS), service: random.pick(space.services) }];
}

/** How often a run with express is calm: after a crash nobody owns a shard for a session, and nothing goes by express. */
const CALM = 0.5;
const LOST_MAX = 8;
/** A lost statement is among the first so many of its kind. */
const LOST_WITHIN = 40;

/** Of a run with express: in half of them little fails but statements, while other messages wait for their outcome. */
export function drawFaultsOfExpress(random: Random, space: FaultSpace): Fault[] {
  const faults = random.chance(CALM) ? [drawFault(random, space)] : drawFaults(random, space);
  const lost = Array.from({ length: random.between(1, LOST_MAX) }, (): Fault => {
    const window = random.pick(['before read', 'before commit', 'after commit'] as const);
    const nth = random.between(1, LOST_WITHIN);
    return { kind: 'window', service: random.pick(space.services), window, nth, act: 'lose', ms: 0 };
  });
  return [...faults, ...lost];
}

function drawFault(random: Random, space: FaultSpace): Fault {
  const service = random.pick(space.services);
  const instance = random.between(1, space.instances);
  const at = random.below(FAULTS_WITHIN_MS);
  /** Mostly short; sometimes longer than a session, a lease and a timeout. */
  const ms = random.chance(0.7) ? random.between(20, 2_000) : random.between(5_000, 40_000);
  const dice = random.next();
  if (dice < 0.45) return atWindow(random, space, service, ms);
  if (dice < 0.5) return { kind: 'crash', at, service, instance };
  if (dice < 0.58) return { kind: 'stop', at, service, instance, ms: random.chance(0.5) ? ms : ms + 12_000 };
  if (dice < 0.68) {
    const peers: Peer[] = space.askProvider.includes(service)
      ? ['database', 'kafka', 'provider']
      : ['database', 'kafka'];
    return { kind: 'cut', at, service, instance, peer: random.pick(peers), ms };
  }
  if (dice < 0.71) return { kind: 'kafka away', at, ms };
  if (dice < 0.74) return { kind: 'database away', at, service, ms };
  if (dice < 0.79) return { kind: 'log lost', at };
  if (dice < 0.85) return { kind: 'duplicates', at, count: random.between(1, 10) };
  if (dice < 0.9) return { kind: 'rewind', at, service };
  if (dice < 0.95) {
    return { kind: 'delay', at, topic: random.pick(space.topics), partition: random.below(space.partitions), ms };
  }
  if (dice < 0.98) return { kind: 'stray answer', at };
  return { kind: 'clock', at, service, instance, ms: random.between(-3_000, 3_000) };
}

function atWindow(random: Random, space: FaultSpace, service: string, ms: number): Fault {
  const window = random.pick(WINDOWS);
  const asks = window.endsWith('provider') && space.askProvider.length > 0;
  const dice = random.next();
  const onItsWay = !window.startsWith('told') && window !== 'before offset commit';
  return {
    kind: 'window',
    service: asks ? random.pick(space.askProvider) : service,
    window,
    nth: random.between(1, 6),
    act: dice < 0.25 && onItsWay ? 'lose' : dice < 0.45 ? 'stop' : 'crash',
    ms: random.chance(0.5) ? ms : ms + 12_000,
  };
}

/** A fault in one line, for the story. */
export function tellFault(fault: Fault): string {
  switch (fault.kind) {
    case 'window':
      return `${fault.service} ${fault.act === 'lose' ? 'loses a message' : fault.act === 'stop' ? `is stopped for ${fault.ms} ms` : 'crashes'} ${fault.window} (${fault.nth}. time)`;
    case 'crash':
      return `${fault.service}#${fault.instance} crashes`;
    case 'stop':
      return `${fault.service}#${fault.instance} is stopped for ${fault.ms} ms`;
    case 'cut':
      return `${fault.service}#${fault.instance} is cut from ${fault.peer} for ${fault.ms} ms`;
    case 'kafka away':
      return `Kafka is away for ${fault.ms} ms`;
    case 'database away':
      return `the database of ${fault.service} is away for ${fault.ms} ms`;
    case 'log lost':
      return 'Kafka loses its disk: every topic is empty';
    case 'duplicates':
      return `${fault.count} messages are produced again`;
    case 'rewind':
      return `the offsets of ${fault.service} are reset to zero`;
    case 'delay':
      return `${fault.topic}[${fault.partition}] is delayed for ${fault.ms} ms`;
    case 'stray answer':
      return 'an answer appears that nobody asked for';
    case 'poison':
      return `${fault.service} gets a message that nobody can handle`;
    case 'clock':
      return `the clock of ${fault.service}#${fault.instance} is ${fault.ms} ms ahead`;
  }
}
