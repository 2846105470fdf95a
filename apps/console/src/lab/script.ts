import type { Fault, SystemProcess } from '../api/types.js';
import { pointsOf } from './points.js';

/** The provider has the money, and payment has stored nothing of it: the worst moment to die in. */
export const CHARGED = 'payment.after-provider-charge';

/**
 * How far the script has got: `hold`, `place`, `kill` and `look` wait for a click, the others for the system. `missed`: nobody has killed it in
 * time, and the hold has healed.
 */
export type Stage = 'hold' | 'place' | 'comes' | 'kill' | 'returns' | 'ends' | 'checks' | 'look' | 'missed';

/** What the page remembers of one run of the script. */
export interface Run {
  /** Undefined: none is placed yet. */
  readonly orderId?: string;
  /** The process that was killed. Undefined: none yet. */
  readonly killedPid?: number;
}

export interface Seen {
  /** The one that charges; undefined while nobody tells of it. */
  readonly process: Pick<SystemProcess, 'pid' | 'state'> | undefined;
  /** Where it is held, and whether it has come there; undefined: it is not held. */
  readonly hold: Pick<Fault, 'state'> | undefined;
  /** Of the order. */
  readonly hasEnded: boolean;
  /** An examination has begun after that. */
  readonly isExamined: boolean;
}

export function stageOf({ orderId, killedPid }: Run, { process, hold, hasEnded, isExamined }: Seen): Stage {
  if (killedPid === undefined) {
    if (!hold) return orderId === undefined ? 'hold' : 'missed';
    if (orderId === undefined) return 'place';
    return hold.state === 'on' && process?.state === 'held' ? 'kill' : 'comes';
  }
  if (process?.state !== 'up' || process.pid === killedPid) return 'returns';
  if (!hasEnded) return 'ends';
  return isExamined ? 'look' : 'checks';
}

/** The process that charges: payment, or the one that it shares with others. */
export const chargingOf = (processes: readonly SystemProcess[], points: readonly string[]): SystemProcess | undefined =>
  processes.find(({ service }) => pointsOf(service, points).includes(CHARGED));

/** The fault that holds a process there, while it does. */
export const holdOf = (faults: readonly Fault[], service: string | undefined): Fault | undefined =>
  faults.find(
    ({ kind, what, target, state }) =>
      kind === 'pause-point' && state !== 'over' && target.service === service && what.includes(CHARGED),
  );
