import type { Network } from '../world/network.js';
import { LATER } from '../world/network.js';
import type { SimulatedProcess } from '../world/process.js';
import { lockNotAvailable, unreachable } from './errors.js';
import type { Plan, Planner, Values } from './plan.js';
import { ViolationError } from '../world/violation.js';
import type { Row, Store } from './store.js';

interface QueryConfig {
  readonly text: string;
  readonly values?: Values;
}

type Result = { rows: readonly Row[] };

/** How often a statement that meets a lock tries again: roughly as long as `lock_timeout` allows. */
const LOCK_LOOKS_MAX = 400;

/** The part of pg's `Pool` that the libraries use. */
export class SimulatedPool {
  /** Tells a pool from a connection. */
  readonly totalCount = 1;
  private readonly idle: SimulatedClient[] = [];

  constructor(
    private readonly process: SimulatedProcess,
    private readonly store: Store,
    private readonly planner: Planner,
    private readonly network: Network,
    private readonly broken: (violation: ViolationError) => void,
  ) {}

  query(config: string | QueryConfig, values: Values = []): Promise<Result> {
    return typeof config === 'string' ? this.send(config, values) : this.send(config.text, config.values ?? []);
  }

  async connect(): Promise<SimulatedClient> {
    return this.idle.pop() ?? this.open();
  }

  private open(): SimulatedClient {
    const send = (text: string, values: Values, client: SimulatedClient) => this.send(text, values, client);
    const client = new SimulatedClient(send, this.store, () => this.idle.push(client));
    this.process.onDeath(() => client.release());
    return client;
  }

  /** Its sender would try again for ever: the run must end instead of treating it as an outage. */
  private planOf(text: string): Plan {
    try {
      return this.planner.planOf(text, this.store);
    } catch (error) {
      this.broken(new ViolationError('simulation', (error as Error).message));
      throw error;
    }
  }

  private send(text: string, values: Values, connection?: SimulatedClient): Promise<Result> {
    const { store, process } = this;
    const control = connection && transactionControl(text);
    const plan = control ? undefined : this.planOf(text);
    let looks = 0;
    return this.network.exchange<Result>(process, {
      peer: 'database',
      window: plan?.window ?? (control === 'COMMIT' ? 'commit' : undefined),
      silence: unreachable,
      away: () => store.awayUntil > store.now,
      act: () => {
        if (store.lockedBy && store.lockedBy !== connection) {
          if (++looks > LOCK_LOOKS_MAX) throw lockNotAvailable();
          return LATER;
        }
        if (control) return connection.control(control, process);
        if (plan === undefined) return { rows: [] };
        if (connection?.inTransaction && plan.check) {
          const rows = plan.check(store, values);
          connection.changes.push(() => plan.run(store, values, process));
          return { rows };
        }
        return { rows: plan.run(store, values, process) };
      },
    });
  }
}

type Control = 'BEGIN' | 'COMMIT' | 'ROLLBACK';

const transactionControl = (text: string): Control | undefined =>
  text.startsWith('BEGIN') ? 'BEGIN' : text === 'COMMIT' || text === 'ROLLBACK' ? text : undefined;

/** One connection. The locks of its transaction end with it. */
class SimulatedClient {
  changes: (() => unknown)[] = [];
  inTransaction = false;

  constructor(
    private readonly send: (text: string, values: Values, client: SimulatedClient) => Promise<Result>,
    private readonly store: Store,
    private readonly giveBack: () => void,
  ) {}

  query(config: string | QueryConfig, values: Values = []): Promise<Result> {
    return typeof config === 'string'
      ? this.send(config, values, this)
      : this.send(config.text, config.values ?? [], this);
  }

  control(verb: Control, _process: SimulatedProcess): Result {
    if (verb === 'BEGIN') {
      this.store.lockedBy = this;
      this.inTransaction = true;
      return { rows: [] };
    }
    const changes = this.changes.splice(0);
    this.inTransaction = false;
    if (this.store.lockedBy === this) {
      this.store.lockedBy = undefined;
      if (verb === 'COMMIT') for (const change of changes) change();
    }
    return { rows: [] };
  }

  /** A simulated connection never breaks while it is idle. */
  on(): void {}
  off(): void {}

  release(): void {
    this.changes = [];
    this.inTransaction = false;
    if (this.store.lockedBy === this) this.store.lockedBy = undefined;
    this.giveBack();
  }
}
