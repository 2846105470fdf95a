import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS } from '@backstep/contracts';
import { CLUSTER_NAMES, CONSUMER_GROUPS, waitFor } from '@backstep/infrastructure';
import { clusterState, type ClusterState } from '@backstep/kafka';
import { Load } from '../load/load.js';
import { mix } from '../load/orders.js';
import { start, type Started } from '../system/start.js';
import { Names } from './names.js';

/**
 * How a broker is found to be dead: its port refuses, or its name is no name any more, as of a container that was killed; or nothing
 * answers and nothing refuses, as of a machine without power: it is stopped, not killed.
 */
export type Death = 'refused' | 'nameless' | 'silent';

export interface KillOptions {
  readonly death: Death;
  /** Orders a second. */
  readonly rate: number;
  /** Of orders before the first kill, for a system that V8 has compiled. */
  readonly warmUpMs: number;
  /** How long orders come before each kill, and after. */
  readonly loadMs: number;
  readonly print: (line: string) => void;
}

/** What became of one kill. */
export interface Kill {
  readonly victim: string;
  /** Partitions of ours, and groups, that it led or coordinated when it was killed. */
  readonly led: number;
  readonly coordinated: readonly string[];
  readonly accepted: number;
  /** 429 or 503 with `Retry-After`. */
  readonly refused: number;
  /** Answered in any other way, or not at all. */
  readonly failed: number;
  readonly unfinished: number;
  /** From the kill until the last of those placed before it had ended, ms. */
  readonly lastOfBeforeMs: number;
  /** From the kill until the last of all had ended, ms; orders come for `loadMs` after the kill. */
  readonly lastMs: number;
}

const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 250;
/** The offsets of groups are a topic too. */
const COPIED = [...TOPICS.map(({ name }) => name), '__consumer_offsets'];

/** Kills each of three brokers under load, and starts it again before the next. Who coordinates most groups goes first. */
export async function killBrokers(options: KillOptions, signal: AbortSignal): Promise<Kill[]> {
  const names = options.death === 'nameless' ? new Names() : undefined;
  try {
    const wanted = { instances: 1, oneAtATime: false, profiles: undefined, cluster: names ?? ('addresses' as const) };
    const started = await start(wanted, signal);
    try {
      const load = loadOn(started, options.rate);
      await delay(options.warmUpMs, undefined, { signal });
      await load.stop();
      const kills: Kill[] = [];
      while (kills.length < CLUSTER_NAMES.length) {
        const state = await healed(started);
        const left = CLUSTER_NAMES.filter((name) => kills.every(({ victim }) => victim !== name));
        const victim = left.sort((a, b) => groupsOf(state, b).length - groupsOf(state, a).length)[0] ?? '';
        const kill = await killOne(victim, state, started, names, options);
        options.print(render(kill));
        kills.push(kill);
        names?.known(victim);
        // What is stopped cannot end well.
        if (options.death === 'silent') await started.system.kill(victim, 'SIGKILL');
        await started.system.restart(victim);
      }
      return kills;
    } finally {
      await started.stop();
    }
  } finally {
    names?.remove();
  }
}

const idOf = (name: string): number => CLUSTER_NAMES.indexOf(name) + 1;
const groupsOf = (state: ClusterState, name: string): readonly string[] => state.coordinates.get(idOf(name)) ?? [];

function loadOn({ gatewayUrls, outcomes }: Started, perSecond: number): Load {
  const load = new Load(gatewayUrls, outcomes, mix, { kind: 'open', perSecond });
  load.start();
  return load;
}

async function killOne(
  victim: string,
  state: ClusterState,
  started: Started,
  names: Names | undefined,
  { death, rate, loadMs }: KillOptions,
): Promise<Kill> {
  const load = loadOn(started, rate);
  await delay(loadMs);
  names?.gone(victim);
  if (death === 'silent') started.system.signal(victim, 'SIGSTOP');
  else await started.system.kill(victim, 'SIGKILL');
  const killedAt = performance.now();
  await delay(loadMs);
  const unfinished = await load.stop();
  started.outcomes.assertFollowing();
  const samples = [...load.samples];
  const last = (of: typeof samples): number => Math.max(0, ...of.map(({ endedAt }) => endedAt - killedAt));
  return {
    victim,
    led: state.leads.get(idOf(victim)) ?? 0,
    coordinated: groupsOf(state, victim),
    accepted: samples.length + unfinished,
    refused: load.refusals.later,
    failed: Object.values(load.refusals.otherwise).reduce((sum, count) => sum + count, 0),
    unfinished,
    lastOfBeforeMs: last(samples.filter(({ startedAt }) => startedAt < killedAt)),
    lastMs: last(samples),
  };
}

/** Waits until each partition has its three copies: before that, the next kill would leave fewer than must be there. */
async function healed({ system }: Started): Promise<ClusterState> {
  const options = { brokers: system.environment().kafka.brokers, clientId: 'backstep-bench' };
  const look = async (): Promise<ClusterState | undefined> => {
    try {
      const state = await clusterState(options, COPIED, CONSUMER_GROUPS);
      return state.behind === 0 ? state : undefined;
    } catch {
      // While leaders are elected.
      return undefined;
    }
  };
  const state = await waitFor(look, { timeoutMs: READY_WITHIN_MS, everyMs: LOOK_EVERY_MS });
  if (!state) throw new Error(`the brokers are not in step within ${READY_WITHIN_MS} ms`);
  return state;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export const render = ({ victim, led, coordinated, accepted, refused, failed, unfinished, ...times }: Kill): string =>
  [
    `${victim} (led ${led} partitions, coordinated ${coordinated.join(', ') || 'no group'}):`,
    `${accepted} orders accepted, ${refused} refused until later, ${failed} failed, ${unfinished} without an end;`,
    `the last of those placed before the kill ended ${seconds(times.lastOfBeforeMs)} after it, the last of all ${seconds(times.lastMs)}`,
  ].join(' ');
