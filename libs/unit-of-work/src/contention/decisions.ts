import type { TakenBy } from './report.js';

/**
 * By what a key is taken otherwise from then on. `conflicts`: it has lost more than `enter` of its attempts. `time_over`: it was locked for as long as it was
 * to be, and is tried without. `calm`: it has lost less than `leave`. `unwanted`: nobody has wanted it for a while. `crowded_out`: more keys
 * conflict than are kept.
 */
export type DecisionRule = 'conflicts' | 'time_over' | 'calm' | 'unwanted' | 'crowded_out';

/** Why a key is taken as it is. */
export interface DecisionReason {
  readonly rule: DecisionRule;
  /** `conflicts` and `calm`: the share that was lost, from 0 to 1; `time_over` and `unwanted`: milliseconds; `crowded_out`: keys. */
  readonly measured: number;
  /** What `measured` has passed, in the same unit. */
  readonly threshold: number;
  /** The attempts that a share is of; null of what is no share. */
  readonly attempts: number | null;
  /** How the key was taken before. */
  readonly previous: TakenBy;
}

/** A key is taken otherwise. */
export interface KeyDecision {
  /** The name of the class. */
  readonly entity: string;
  readonly key: string;
  /** Milliseconds since 1970, by the clock of the instance that has decided. */
  readonly at: number;
  readonly from: TakenBy;
  readonly to: TakenBy;
  readonly why: DecisionReason;
}

/** Decisions that an instance keeps. */
export const DECISIONS_MAX = 50;
/** For how long they are told, milliseconds. */
export const DECISIONS_TOLD_MS = 3_600_000;

/** The last decisions of this instance. Each needs at least 20 attempts at its key, so fifty are minutes at the least. */
export class Decisions {
  private readonly kept: KeyDecision[] = [];

  add(decision: KeyDecision): void {
    this.kept.push(decision);
    if (this.kept.length > DECISIONS_MAX) this.kept.shift();
  }

  /** Those of the hour before `time`, the oldest first. */
  until(time: number): KeyDecision[] {
    return this.kept.filter(({ at }) => at > time - DECISIONS_TOLD_MS);
  }
}
