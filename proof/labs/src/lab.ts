import type { Stage } from './stage.js';

/** One side of a lab. */
export interface Scene {
  readonly title: string;
  /** Leads the parties. @throws NotShownError when they did not interleave, or the outcome is another */
  play(stage: Stage): Promise<void>;
}

/** An experiment on a race: the same situation without a protection, and with it. */
export interface Lab {
  readonly entities: readonly (new () => object)[];
  /** SQL that makes the tables. */
  readonly tables: string;
  /** SQL that fills them, before each scene. */
  readonly rows: string;
  readonly without: Scene | readonly Scene[];
  /** Several scenes: several protections, or several faults. The rows are filled anew for each. */
  readonly with: Scene | readonly Scene[];
  /** `with` shows all that `without` shows: one of them is played. */
  readonly oneScene?: true;
}
