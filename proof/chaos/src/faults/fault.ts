import type { Random } from '@backstep/simulation';
import type { LinkName } from '../system/links.js';
import type { World } from '../world.js';

/** The parts that a fault needs alone: two faults that share one do not overlap, all others may. */
export type Touched = 'services' | 'kafka' | 'postgres' | 'links' | 'express' | 'messages' | 'clock';

/** The trace that a fault must leave; without it the fault had no effect. */
export type Trace = 'restarts' | 'duplicatesDropped' | 'redelivered' | 'parked' | 'clientRetries' | 'expressDisturbed';

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
  /** Only in runs in which services hand over from process to process; there, once at least. */
  readonly wants?: 'sockets';
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
  /** The details for the story: the victims, the manner. */
  readonly what: string;
  heal(): Promise<void>;
}

/** The fault is not possible on this machine. It is reported and skipped. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';
}
