import type { LabName } from './catalogue.js';

/** What one party did, or what it met. */
export interface Step {
  readonly by: string;
  readonly what: string;
}

/** What became of each anomaly at each isolation level. */
export interface Anomalies {
  readonly levels: readonly string[];
  readonly rows: readonly { readonly anomaly: string; readonly outcomes: readonly string[] }[];
}

/** One side of a lab: without its protection, or with it. */
export interface SceneReport {
  readonly title: string;
  readonly withProtection: boolean;
  /** The parties, in the order of their columns. */
  readonly parties: readonly string[];
  /** In the order in which they happened. */
  readonly steps: readonly Step[];
  readonly anomalies?: Anomalies;
  /** What was checked at the end, and is so. */
  readonly shown: readonly string[];
}

export interface LabReport {
  readonly name: LabName;
  readonly about: string;
  readonly scenes: readonly SceneReport[];
}
