import type { EntityClass, Executor, Tables } from '@backstep/concurrency';
import type { Handlers, UnitOfWork } from '@backstep/unit-of-work';
import type { ServiceStatement } from '../postgres/plan.js';
import type { SimulatedPool } from '../postgres/pool.js';
import type { Store } from '../postgres/store.js';
import type { Coverage } from '../world/coverage.js';
import type { Kernel } from '../world/kernel.js';
import type { Network } from '../world/network.js';
import type { SimulatedProcess } from '../world/process.js';

/** What a part of a service (a worker, a poller) gets when one of its processes starts. */
export interface Started {
  readonly process: SimulatedProcess;
  readonly unitOfWork: UnitOfWork;
  readonly executor: Executor;
  readonly tables: Tables;
  readonly pool: SimulatedPool;
  readonly store: Store;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly coverage: Coverage;
  /**
   * Runs `work` every `ms`, never twice at once. Errors are ignored, since the next turn tries again.
   * @param idle returns true when there is certainly nothing to do, which saves the simulation many turns
   */
  every(ms: number, work: () => Promise<unknown>, idle?: () => boolean): void;
}

/** A service, as the simulation runs it: its real handlers, its real rows, its real workers. */
export interface SimulatedService {
  readonly name: string;
  /** Topics. */
  readonly consumes: readonly string[];
  readonly entities: readonly EntityClass[];
  /** Called once, since handlers keep no state. */
  handlers(coverage: Coverage): Handlers;
  /** Statements of its own, beside those of the libraries. */
  readonly statements?: readonly ServiceStatement[];
  /** Whether the service has a worker that calls an external system: faults are aimed there too. */
  readonly asksProvider?: boolean;
  /** Starts what it has beside its handlers, in each process. @returns handles for the scenario, such as a worker */
  start?(started: Started): void;
}
