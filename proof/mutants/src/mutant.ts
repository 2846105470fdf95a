import type { Fault } from '@backstep/simulation';

/** A change of one source file. `find` occurs in it exactly once: a specification holds that, so that the list cannot rot. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Simulated runs from a seed on, until an invariant breaks. */
export interface SimulationCheck {
  readonly kind: 'simulation';
  /** Of the first run; the next has the next number. */
  readonly seed: number;
  /** At most so many. Those without the mutant must all be clean. */
  readonly runs: number;
  readonly orders: number;
  /** Of each service; absent: as the seed draws. */
  readonly instances?: 1 | 2;
  /** Whether all services are one process, with express. */
  readonly express?: true;
  /** What every order has, whatever was drawn: a card, say. */
  readonly order?: Readonly<Record<string, string | number | boolean>>;
  /** One of these storms a run, in turn, beside what the seed draws; `onlyThese`: instead of it. */
  readonly storms?: readonly (readonly Fault[])[];
  readonly onlyThese?: boolean;
  /** How the code is other than it is written, with the mutant and without: a deadline that comes within a run, say. */
  readonly given?: readonly Edit[];
}

/** One chaos run: real processes, PostgreSQL and Kafka. */
export interface ChaosCheck {
  readonly kind: 'chaos';
  readonly seed: number;
  readonly minutes: number;
  readonly instances: 1 | 2;
  /** By the names of `proof/chaos/src/faults`. */
  readonly faults: readonly string[];
}

/** The specs of a file, for what nothing in the simulation would meet: bytes that strangers choose, sockets, codecs. */
export interface SpecCheck {
  readonly kind: 'spec';
  /** From the root of the repository: `*.unit.spec.ts` or `*.int.spec.ts`. */
  readonly file: string;
}

export type Check = SimulationCheck | ChaosCheck | SpecCheck;

/** One protection, taken out. */
export interface Mutant {
  readonly name: string;
  /** What the protection keeps from happening. */
  readonly prevents: string;
  readonly edits: readonly [Edit, ...Edit[]];
  readonly check: Check;
}

/** What became of a check. */
export type Verdict =
  /**
   * @property by the invariant; of a spec, its title
   * @property seed absent: nothing was drawn
   * @property after runs, the failing one included
   */
  | {
      readonly kind: 'caught';
      readonly by: string;
      readonly seed?: number;
      readonly after: number;
      readonly what: string;
    }
  | { readonly kind: 'survived'; readonly runs: number }
  /** It proves nothing: it did not compile, load or end, or what failed is no invariant. */
  | { readonly kind: 'broken'; readonly why: string };
