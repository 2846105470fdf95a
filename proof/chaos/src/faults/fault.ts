import type { Random } from '@backstep/simulation';
import type { LinkName } from '../system/links.js';
import type { World } from '../world.js';

/** What a fault needs for itself alone: two faults that share one do not overlap, all others do. */
export type Touched = 'services' | 'kafka' | 'postgres' | 'links' | 'messages' | 'clock';

/** What a fault must leave to be seen, or it did not happen. */
export type Trace = 'restarts' | 'duplicatesDropped' | 'redelivered' | 'parked' | 'clientRetries';

export interface Fault {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly weight: number;
  readonly touches: readonly Touched[];
  /** How long it lasts, in ms. */
  readonly lastsMs: readonly [min: number, max: number];
  readonly leaves: readonly Trace[];
  /** Faults that must not be in the same run, and why is said where it is named. */
  readonly notWith?: readonly string[];
  /** The links it will need, drawn from the same generator that `apply` will get. */
  links?(random: Random): readonly LinkName[];
  /** The kinds of service whose clock it will need, drawn likewise. */
  clocks?(random: Random): readonly string[];
  /**
   * Begins it. Everything about it is drawn from `random`.
   * @returns how to heal it.
   * @throws SkippedError when this machine does not allow it
   */
  apply(world: World, random: Random): Promise<Applied>;
}

export interface Applied {
  /** What exactly, for the story: the victims, the manner. */
  readonly what: string;
  heal(): Promise<void>;
}

/** A fault that cannot be had here. It is told, and nothing else. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';
}
