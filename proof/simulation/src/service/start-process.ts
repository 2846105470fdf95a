import type { Catalogue } from '@backstep/messages';
import { RowsMismatchError, type Tables } from '@backstep/concurrency';
import { DEFAULT_RELAY_LIMITS, OutboxRelay, type Publisher } from '@backstep/outbox';
import {
  DEFAULT_LIMITS,
  MessageConsumer,
  preparedExecutor,
  UnitOfWork,
  type Handlers,
  type LoopClock,
  type UnitOfWorkLimits,
} from '@backstep/unit-of-work';
import type { Pool } from 'pg';
import type { Group } from '../kafka/group.js';
import { partitionOf, type Log } from '../kafka/log.js';
import { Reader } from '../kafka/reader.js';
import type { Planner } from '../postgres/plan.js';
import { SimulatedPool } from '../postgres/pool.js';
import type { Store } from '../postgres/store.js';
import type { Coverage } from '../world/coverage.js';
import type { Kernel } from '../world/kernel.js';
import type { Network } from '../world/network.js';
import type { SimulatedProcess } from '../world/process.js';
import type { ViolationError } from '../world/violation.js';
import type { Windows } from '../world/windows.js';
import { FOREIGN_ROWS_KEPT_MS, type Host } from './host.js';
import type { SimulatedService, Started } from './service.js';

/** How often a process runs its periodic work at the same moments as others that started with it. */
const IN_STEP = 0.6;

/** A run has too few conflicts for the real numbers. Every other instance locks a key at its first one. */
const JUMPY: UnitOfWorkLimits = {
  ...DEFAULT_LIMITS,
  optimisticTries: 1,
  hotKeys: { ...DEFAULT_LIMITS.hotKeys, attemptsMin: 1, sure: 0 },
};

export interface ProcessParts {
  readonly service: SimulatedService;
  readonly handlers: Handlers;
  readonly catalogue: Catalogue;
  readonly process: SimulatedProcess;
  /** Undefined: the service is a process of its own. */
  readonly host: Host | undefined;
  readonly tables: Tables;
  readonly store: Store;
  readonly planner: Planner;
  readonly log: Log;
  readonly group: Group;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly windows: Windows;
  readonly coverage: Coverage;
  readonly broken: (violation: ViolationError) => void;
}

/** A process that runs. */
export interface RunningProcess {
  readonly service: SimulatedService;
  readonly process: SimulatedProcess;
  readonly unitOfWork: UnitOfWork;
  readonly consumer: MessageConsumer;
  readonly reader: Reader;
}

/** Starts one instance of a service: the real unit of work, relay, consumer and handlers, on a simulated database and Kafka. */
export function startProcess(parts: ProcessParts): RunningProcess {
  const { service, handlers, catalogue, process, tables, store, planner, log, kernel, network, coverage } = parts;
  const pool = new SimulatedPool(process, store, planner, network, parts.broken);
  const asPool = pool as unknown as Pool;
  const executor = preparedExecutor(asPool);
  const { host } = parts;
  const limits = host ? { ...DEFAULT_RELAY_LIMITS, flushForeignAfterMs: FOREIGN_ROWS_KEPT_MS } : DEFAULT_RELAY_LIMITS;
  const relay = new OutboxRelay(executor, publisherOf(process, log, network), limits, {}, host?.express);
  const unitOfWork = new UnitOfWork(
    asPool,
    {
      tables,
      source: service.name,
      shardOf: (key) => partitionOf(key, log.partitions),
      now: () => kernel.now + process.clockAheadMs,
      monotonic: () => kernel.now,
    },
    relay,
    process.instance % 2 === 0 ? JUMPY : DEFAULT_LIMITS,
    {
      duplicates: ({ length }) => coverage.add('duplicates dropped', length),
      conflict: (cause) =>
        coverage.add(cause instanceof RowsMismatchError ? 'stale writes refused' : 'lost races for a row'),
      switched: (_, to) => to === 'locked' && coverage.add('keys locked for a while'),
      committed: ({ locked }) => locked && coverage.add('batches decided under locks'),
    },
  );
  kernel.sparing(
    () => store.outbox.size === 0,
    () => relay.start(),
  );
  rememberSubmissions(unitOfWork, process);
  const topics = service.consumes;
  const express = host && { topics, isCurrent: () => reader.isCurrent, clock: clockOf(host, kernel, process) };
  const consumer = new MessageConsumer(unitOfWork, handlers, catalogue, {}, express);
  const reader: Reader = new Reader({ ...parts, topics, consumer, relay, isExpress: host !== undefined });
  if (consumer.lanes) host?.lanes.set(service.name, consumer.lanes);
  service.start?.({
    process,
    unitOfWork,
    executor,
    tables,
    pool,
    store,
    kernel,
    network,
    coverage,
    every: everyOf(kernel, process),
  });
  parts.group.join(reader);
  return { service, process, unitOfWork, consumer, reader };
}

const clockOf = ({ isBusy }: Host, kernel: Kernel, process: SimulatedProcess): LoopClock => ({
  now: () => kernel.now,
  scheduled: () => ({ ranMs: isBusy ? kernel.now : 0, waitedMs: 0 }),
  after: (ms, act) => void kernel.after(ms, act, process),
});

/** A batch decides its works in the order in which they were submitted; a commit tells only which they were. */
function rememberSubmissions(unitOfWork: UnitOfWork, process: SimulatedProcess): void {
  const submit = unitOfWork.submit.bind(unitOfWork);
  unitOfWork.submit = (works) => {
    const begin = process.submissions;
    process.submissions += works.length;
    // From the last one on: of duplicates in one batch the first counts.
    for (let at = works.length - 1; at >= 0; at--) {
      const work = works[at];
      if (work && work.kind !== 'request') process.submitted.set(work.id, begin + at);
    }
    submit(works);
  };
}

/** Messages of one request to different partitions are appended one by one: when the answer is lost, it is unknown which were. */
function publisherOf(process: SimulatedProcess, log: Log, network: Network): Publisher {
  return {
    publish: (messages) =>
      network.exchange(process, {
        peer: 'kafka',
        window: 'publish',
        silence: () => new Error('Kafka does not answer'),
        away: () => log.isAway,
        act: () => {
          for (const message of messages) log.append(message);
        },
      }),
  };
}

const everyOf =
  (kernel: Kernel, process: SimulatedProcess): Started['every'] =>
  (ms, work, idle = () => false) => {
    const next = (): void => void kernel.after(ms, turn, process);
    const turn = (): void | false => {
      if (idle()) {
        next();
        return false;
      }
      // The next turn tries again.
      work().then(next, next);
    };
    // Processes that were started together may beat in step; others do not.
    kernel.after(kernel.random.chance(IN_STEP) ? ms : kernel.random.next() * ms, turn, process);
  };
