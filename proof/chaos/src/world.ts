import type { Poisoned } from './faults/poison.js';
import type { HostileBatch } from './hostile/throw-in.js';
import type { Story } from './story.js';
import type { Started } from './system/start.js';

/** What faults act upon. */
export interface World extends Started {
  readonly instances: number;
  readonly story: Story;
  /** Everything poisonous that was thrown in, for the verdict. */
  readonly poisoned: Poisoned[];
  /** Every batch of a stranger's that Kafka took, likewise. */
  readonly hostile: HostileBatch[];
  /** Counts what the services have counted: called before they are killed, since their counters die with them. */
  sample(): Promise<void>;
  /** Undone after the system has stopped, whatever happened. */
  atTheEnd(cleanup: () => Promise<void>): void;
}
