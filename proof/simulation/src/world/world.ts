import type { Tables } from '@backstep/concurrency';
import { versionOf, type Catalogue, type WireMessage } from '@backstep/messages';
import type { Handlers } from '@backstep/unit-of-work';
import type { Commit } from '../postgres/store.js';
import { Store } from '../postgres/store.js';
import type { Planner } from '../postgres/plan.js';
import { Group } from '../kafka/group.js';
import { Log, type LogRecord } from '../kafka/log.js';
import { startProcess, type RunningProcess } from '../service/start-process.js';
import { Host } from '../service/host.js';
import type { SimulatedService } from '../service/service.js';
import { Coverage } from './coverage.js';
import type { Fault } from './faults.js';
import { Kernel } from './kernel.js';
import { Network } from './network.js';
import { SimulatedProcess } from './process.js';
import { Random } from './random.js';
import { Story } from './story.js';
import type { ViolationError } from './violation.js';
import { Windows } from './windows.js';

/** Partitions of every topic: enough for two instances, and few enough that orders share them. */
export const SIMULATED_PARTITIONS = 2;
const PARTITION_NUMBERS = Array.from({ length: SIMULATED_PARTITIONS }, (_, partition) => partition);
/** The least and the most time until a dead process is started again, milliseconds. */
const RESTART_MS: readonly [number, number] = [100, 5_000];

/** How often a process in which all services run is busy. */
const BUSY = 0.3;

/** Gets every change at the moment at which it is made; see {@link World.violated}. */
export interface Watcher {
  committed?(commit: Commit): void;
  appended?(record: LogRecord, again: boolean): void;
  /** The group of a service will not get this record again. */
  passed?(service: string, record: LogRecord): void;
}

export interface WorldParts {
  readonly services: readonly SimulatedService[];
  readonly catalogue: Catalogue;
  readonly topics: readonly string[];
  readonly tables: Tables;
  /** Made once for all runs, since handlers and plans keep no state of a run. */
  readonly planners: ReadonlyMap<string, Planner>;
  readonly handlersOf: (service: SimulatedService, coverage: Coverage) => Handlers;
}

export interface WorldOptions {
  readonly seed: number;
  readonly instances: number;
  readonly faults: readonly Fault[];
  readonly express?: boolean | undefined;
  readonly told: boolean;
}

/** All parts of one run. */
export class World {
  readonly random: Random;
  readonly kernel: Kernel;
  readonly story: Story;
  readonly coverage = new Coverage();
  readonly windows: Windows;
  readonly network: Network;
  readonly log: Log;
  violation: ViolationError | undefined;
  /** Ids of unhandleable messages: a parked message is one of them, or behind one. */
  readonly poisoned = new Set<string>();
  readonly stores = new Map<string, Store>();
  private readonly groups = new Map<string, Group>();
  private readonly running = new Map<string, RunningProcess>();
  private readonly handlers = new Map<string, Handlers>();
  private readonly watchers: Watcher[] = [];
  private mended = false;

  constructor(
    private readonly parts: WorldParts,
    options: WorldOptions,
  ) {
    // Another sequence than the one from which the plan was drawn.
    this.random = new Random(options.seed ^ 0x5bd1e995);
    this.kernel = new Kernel(this.random);
    this.story = new Story(this.kernel, options.told);
    this.windows = new Windows(options.faults, this.story, this.coverage);
    this.network = new Network(this.kernel, this.windows);
    const clock = (): number => this.kernel.now;
    const appended = (record: LogRecord, again: boolean): void => {
      for (const watcher of this.watchers) watcher.appended?.(record, again);
    };
    const passed = (service: string, record: LogRecord): void => {
      for (const watcher of this.watchers) watcher.passed?.(service, record);
    };
    this.log = new Log(parts.topics, SIMULATED_PARTITIONS, clock, appended, passed);
    for (const { name, entities } of parts.services) {
      const committed = (commit: Commit): void => {
        for (const watcher of this.watchers) watcher.committed?.(commit);
      };
      this.stores.set(name, new Store(name, parts.tables, entities, clock, committed));
      const takenForDead = (): void => this.coverage.add('living processes taken for dead');
      this.groups.set(name, new Group(name, SIMULATED_PARTITIONS, this.log, this.kernel, this.story, takenForDead));
    }
    for (const service of parts.services) this.handlers.set(service.name, parts.handlersOf(service, this.coverage));
    this.start(options.instances, options.express === true);
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Reports a violation; the first one ends the run. */
  readonly violated = (violation: ViolationError): void => {
    if (this.violation) return;
    this.violation = violation;
    this.story.tell(() => `VIOLATION ${violation.message}`);
  };

  store(service: string): Store {
    const store = this.stores.get(service);
    if (!store) throw new Error(`there is no service ${service}`);
    return store;
  }

  group(service: string): string {
    return this.groups.get(service)?.name ?? service;
  }

  reads(service: string, topic: string): boolean {
    return this.parts.services.some(({ name, consumes }) => name === service && consumes.includes(topic));
  }

  /** Whether a service has a handler for messages with these headers. */
  handles(service: string, headers: WireMessage['headers']): boolean {
    return this.handlers.get(service)?.find(headers['ce_type'] ?? '', versionOf(headers) ?? NaN) !== undefined;
  }

  /** The live processes of a service, in the order of their numbers. */
  living(service: string): RunningProcess[] {
    return [...this.running.values()].filter(({ process }) => process.alive && process.service === service);
  }

  process(service: string, instance: number): SimulatedProcess | undefined {
    return this.running.get(`${service}#${instance}`)?.process;
  }

  /** Puts a message into Kafka that no service has sent. */
  produce(message: WireMessage): void {
    this.log.append(message, true);
  }

  /** Sets readers back to the offsets of their group. */
  reposition(service?: string): void {
    for (const { process, reader } of this.running.values()) {
      if (process.alive && (service === undefined || process.service === service)) reader.reposition();
    }
  }

  /** Whether all faults are over. */
  get isHealed(): boolean {
    return this.mended;
  }

  /** Ends all faults and repairs their effects. */
  heal(): void {
    if (this.mended) return;
    this.mended = true;
    this.story.tell(() => 'everything is healed');
    this.windows.heal();
    this.log.heal();
    for (const store of this.stores.values()) store.awayUntil = 0;
    for (const { process } of this.running.values()) process.heal();
  }

  /** Whether the world is at rest: all messages are sent and read, and no process is down. */
  get isAtRest(): boolean {
    for (const { outbox, parked } of this.stores.values()) {
      if (outbox.size > 0) return false;
      for (const { state } of parked.values()) if (state !== 'discarded') return false;
    }
    for (const { process } of this.running.values()) {
      if (!process.alive || process.stoppedUntil > this.kernel.now) return false;
    }
    return this.parts.services.every(({ name, consumes }) => {
      const readers = this.living(name).map(({ reader }) => reader);
      return consumes.every((topic) =>
        PARTITION_NUMBERS.every((partition) => readers.some((reader) => reader.isThrough(topic, partition))),
      );
    });
  }

  private start(instances: number, express: boolean): void {
    for (let instance = 1; express && instance <= instances; instance++) this.startHost(instance);
    for (const service of express ? [] : this.parts.services) {
      for (let instance = 1; instance <= instances; instance++) this.startAlone(service, instance);
    }
  }

  private startAlone(service: SimulatedService, instance: number): void {
    const process = new SimulatedProcess(service.name, instance, this.kernel);
    this.startProcess(service, process);
    process.onDeath(() => {
      this.againLater(process.name, () => this.startAlone(service, instance));
    });
  }

  /** All services in one process. */
  private startHost(instance: number): void {
    const { services, catalogue } = this.parts;
    const host = new Host(catalogue, services, this.coverage, this.random.chance(BUSY));
    const processes = services.map(({ name }) => new SimulatedProcess(name, instance, this.kernel));
    for (const [index, process] of processes.entries()) {
      process.mates = processes;
      const service = services[index];
      if (service) this.startProcess(service, process, host);
    }
    processes[0]?.onDeath(() => this.againLater(`host#${instance}`, () => this.startHost(instance)));
  }

  private againLater(name: string, start: () => void): void {
    this.kernel.after(this.random.between(...RESTART_MS), () => {
      this.story.tell(() => `${name} is started again`);
      start();
    });
  }

  private startProcess(service: SimulatedService, process: SimulatedProcess, host?: Host): void {
    const { kernel } = this;
    const store = this.store(service.name);
    const group = this.groups.get(service.name);
    const planner = this.parts.planners.get(service.name);
    const handlers = this.handlers.get(service.name);
    if (!group || !planner || !handlers) throw new Error(`${service.name} is not wired`);
    const { tables, catalogue } = this.parts;
    const { log, network, windows, coverage, violated: broken } = this;
    // Timers and first reads of the start belong to the process, like all later ones.
    const begin = (): void => {
      const shared = { service, handlers, catalogue, process, host, tables, store, planner, log, group };
      const running = startProcess({ ...shared, kernel, network, windows, coverage, broken });
      this.running.set(process.name, running);
      process.onSilence(() => group.silent(running.reader));
    };
    kernel.after(0, begin, process);
  }
}
