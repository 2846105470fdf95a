import { backoffMs, delay, pausePoint, pausePointsArmed } from '@backstep/resilience';
import { translate, type Executor } from '@backstep/concurrency';
import { ParkedOperations, ParkingLot } from '@backstep/inbox';
import type { OutboxRelay } from '@backstep/outbox';
import type { Pool } from 'pg';
import { andLost, next, NOTHING_LOST } from './after-a-failure.js';
import { Batch, type BatchEnvironment, type BatchResult } from './batch.js';
import { BlockedWorks } from './blocked-works.js';
import { EffectListeners, type Effect, type EffectListener } from './effects.js';
import { dryRun, type Decided } from './dry-run.js';
import { Contention } from './contention/contention.js';
import type { ContentionReport } from './contention/report.js';
import { ContendedError, OverloadedError, parkedAs, ParkingUnavailableError } from './errors.js';
import { inTransaction, preparedExecutor } from './executor.js';
import { isConflict, isOfTheDatabase, isStale } from './failures.js';
import { FailedWorks } from './failed-works.js';
import type { RequestHandler } from './handler.js';
import type { Needs } from './needs.js';
import { DEFAULT_LIMITS, type UnitOfWorkLimits } from './limits.js';
import { Memory } from './memory/memory.js';
import { SILENT, type UnitOfWorkObserver } from './observer.js';
import { isReplay, rejectAll, settle, type Attempt, type Failed } from './outcome.js';
import { lockRows, readRows, type RowSource } from './row-source.js';
import { withItsRows } from './rows-of-a-part.js';
import { poisoned, stubOf, workOf, type PoisonWork, type Work } from './work.js';

/**
 * Runs messages from Kafka and requests from within the process in batches through {@link Batch}. One batch is in flight; what arrives
 * meanwhile shares the next. So messages of one process never compete for a row; the version check guards against other processes.
 *
 * `next` is the table of what a failed batch does. A batch may run again at any time, since handlers are pure. Where one message is
 * the cause, halving finds it: the message is parked with the cause, and the others go on. If its content cannot be stored, a stub is
 * parked. Where others hold the rows of some works, those works wait by themselves, until their rows are free.
 */
export class UnitOfWork {
  readonly parkingLot: ParkingLot;
  readonly parkedOperations: ParkedOperations;
  private readonly executor: Executor;
  private readonly memory = new Memory();
  private readonly listeners = new EffectListeners();
  private readonly blocked: BlockedWorks;
  private readonly failedWorks: FailedWorks;
  private readonly contended: Contention;
  private queue: Work[] = [];
  private requests = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly environment: BatchEnvironment,
    private readonly relay: OutboxRelay,
    private readonly limits: UnitOfWorkLimits = DEFAULT_LIMITS,
    private readonly observer: UnitOfWorkObserver = SILENT,
  ) {
    this.executor = preparedExecutor(pool);
    this.parkingLot = new ParkingLot(this.executor);
    this.parkedOperations = new ParkedOperations(this.executor);
    this.blocked = new BlockedWorks(environment.tables, this.executor, limits, (works) => this.submit(works));
    this.failedWorks = new FailedWorks(this.executor, this.blocked, observer);
    const now = environment.monotonic?.bind(environment) ?? (() => performance.now());
    this.contended = new Contention(now, () => environment.now(), limits, observer);
  }

  /**
   * Runs a request with the next batch.
   * @returns the handler's answer, after the commit.
   * @throws what the handler threw (nothing was written); OverloadedError; DatabaseUnavailableError; ContendedError.
   */
  async request<I, A, N extends Needs>(handler: RequestHandler<I, A, N>, input: I): Promise<A> {
    if (this.requests >= this.limits.requestQueueMax) throw new OverloadedError();
    const { work, done } = workOf((settle) => ({
      kind: 'request' as const,
      handler: handler as unknown as RequestHandler<unknown, unknown>,
      input,
      settle,
    }));
    this.requests++;
    this.submit([work]);
    try {
      return (await done) as A;
    } finally {
      this.requests--;
    }
  }

  /**
   * Whether this instance is to do what is done about this key from time to time: false where messages with the key come to another instance. So one
   * does it, and what it tells has its order with what is told there. While Kafka has given this instance nothing, it is responsible for all: two may be for a
   * key, and neither keeps the other out.
   */
  isResponsibleFor(key: string): boolean {
    return this.relay.isResponsibleFor(this.environment.shardOf(key));
  }

  submit(works: readonly Work[]): void {
    this.queue.push(...works);
    this.running ??= this.drain();
  }

  /** What this work would do, by a transaction that is rolled back. @throws what the handler throws; ContendedError; DatabaseUnavailableError */
  dryRun(work: Work): Promise<Decided> {
    return dryRun(this.pool, this.environment, work, this.limits.lockTimeoutMs);
  }

  /**
   * Calls `listener` once after each commit that has this effect (`afterCommit` in a handler), with the data of all its decisions.
   * What the listener throws goes to the observer: the commit stands.
   */
  on<T>(effect: Effect<T>, listener: EffectListener<T>): void {
    this.listeners.add(effect, listener);
  }

  /** How much this instance's writes have lost to others in the last minute, and for which keys. */
  get contention(): ContentionReport {
    return this.contended.report();
  }

  /** Resolves when everything submitted so far is settled. */
  async idle(): Promise<void> {
    for (;;) {
      const pending = this.running ?? this.blocked.waiting;
      if (!pending) return;
      await pending;
    }
  }

  /** Gives back as contended what waits for rows that somebody else holds, and from now on what would: before this process ends. */
  stopWaiting(): void {
    this.blocked.stop();
  }

  private async drain(): Promise<void> {
    // One turn of the event loop, so that messages of all partitions share the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) await this.process(this.queue.splice(0, this.limits.batchMax));
    this.running = undefined;
  }

  /** Runs a batch until all of its works are settled. `next` decides what follows a failure. */
  private async process(works: readonly Work[]): Promise<void> {
    let left = this.blocked.admit(works);
    let rows = works.some(isReplay) ? readRows : this.memory.rowSource();
    if (this.limits.optimisticTries === 0) rows = lockRows;
    let lost = NOTHING_LOST;
    let failed: Failed | undefined;
    while (left.length > 0) {
      failed = await this.attempt(left, rows, failed);
      if (failed === undefined) return;
      const { failure, assumed, demanded } = failed;
      const withThis = andLost(lost, failure);
      const tried = { ...withThis, assumed, demanded: demanded !== undefined };
      let follows = next(failure, { ...tried, askedInVain: false }, this.contended.limitsNow);
      if (follows === 'without duplicates' || follows === 'set aside' || follows === 'without refused') {
        const { others, toPark } = await this.failedWorks.without(follows, left, failed);
        if (toPark) return this.halve(left, left.length === 1 ? toPark : failure);
        if (others.length < left.length) {
          left = others;
          continue;
        }
        follows = next(failure, { ...tried, askedInVain: true }, this.contended.limitsNow);
      }
      switch (follows) {
        case 'give back':
          return rejectAll(left, failure);
        case 'read again':
          this.memory.wasWrong();
          rows = readRows;
          break;
        case 'retry':
        case 'lock':
          this.observer.conflict?.(failure);
          lost = withThis;
          if (follows === 'lock') rows = lockRows;
          await delay(backoffMs(this.limits.conflictBackoff, lost.conflicts));
          break;
        case 'give back as contended':
          this.observer.conflict?.(failure);
          this.contended.gaveUp(failed.rowSet);
          return rejectAll(left, new ContendedError({ cause: failure }));
        case 'halve':
          return this.halve(left, failure);
      }
    }
  }

  /**
   * Runs the batch once.
   * @param before the attempt before this one
   * @returns why it failed; undefined when it is committed.
   */
  private async attempt(
    works: readonly Work[],
    source: RowSource,
    before: Failed | undefined,
  ): Promise<Failed | undefined> {
    const began = performance.now();
    const attempt: Attempt = {
      batch: new Batch(works, this.environment),
      acknowledged: this.relay.takeAcknowledged(),
      taking: { lock: source === lockRows, waitMs: this.limits.lockTimeoutMs },
      staleBefore: before?.stale,
      attempts: (before?.attempts ?? 0) + 1,
      began,
      firstBegan: before?.firstBegan ?? began,
    };
    let result: BatchResult;
    try {
      result = await this.run(attempt, source);
    } catch (error) {
      return this.failed(attempt, withItsRows(translate(error), attempt.batch.rowSet));
    }
    const { batch, taking, attempts, firstBegan } = attempt;
    this.contended.committed(batch.rowSet, taking, attempts, performance.now() - firstBegan);
    if (pausePointsArmed()) await pausePoint('batch.after-commit');
    this.committed(works, attempt, result);
    return undefined;
  }

  /** @throws what a handler threw, or the driver */
  private async run(attempt: Attempt, source: RowSource): Promise<BatchResult> {
    const { batch, acknowledged, staleBefore } = attempt;
    const { lockingRows } = this.contended;
    try {
      batch.ask();
      const { lock, waitMs } = (attempt.taking = this.contended.takingOf(batch.rowSet, attempt.taking.lock));
      if (pausePointsArmed()) await pausePoint('batch.before-commit');
      return lock
        ? await inTransaction(this.pool, waitMs, (executor) => batch.run(executor, acknowledged, lockingRows))
        : await batch.run(this.executor, acknowledged, source);
    } finally {
      // The rows as they are now tell for which of them the attempt before was lost.
      if (staleBefore) this.contended.compare(staleBefore, batch.rowSet);
    }
  }

  private failed(attempt: Attempt, failure: Error): Failed {
    const { batch, acknowledged, taking, attempts, began, firstBegan } = attempt;
    const { rowSet, shared } = batch;
    this.memory.failed(batch);
    this.relay.giveBack(acknowledged);
    const demanded = shared.refusedBy(failure) ? shared : undefined;
    // After a wrong assumption, or a demand that was refused, no other writer has won.
    const isLost = isConflict(failure) && !rowSet.assumes && demanded === undefined;
    if (isLost) this.contended.lost(rowSet, taking, failure, isStale(failure));
    const stale = isLost && isStale(failure) ? rowSet : undefined;
    return { failure, assumed: rowSet.assumes, demanded, stale, rowSet, attempts, began, firstBegan };
  }

  private committed(works: readonly Work[], attempt: Attempt, result: BatchResult): void {
    const { batch, acknowledged: deleted, taking, attempts, began } = attempt;
    this.memory.committed(batch, result.at);
    this.relay.committed({ sent: result.outgoing, unsentPredecessors: result.unsentPredecessors, deleted });
    const durationMs = performance.now() - began;
    this.observer.committed?.({ size: works.length, durationMs, locked: taking.lock, attempts });
    for (const parking of result.parkings) this.observer.parked?.(parking);
    if (result.repeated.length > 0) this.observer.duplicates?.(result.repeated);
    this.listeners.call(result.effects, (effect, error) => this.observer.effectFailed?.(effect, error));
    for (const work of works) settle(work, result);
  }

  private async halve(works: readonly Work[], failure: Error): Promise<void> {
    const [only, second] = works;
    if (only === undefined) return;
    if (second !== undefined) {
      const middle = Math.ceil(works.length / 2);
      await this.process(works.slice(0, middle));
      if (pausePointsArmed()) await pausePoint('batch.halving');
      await this.process(works.slice(middle));
    } else if (only.kind === 'message' && !only.replay && !only.express) {
      if (pausePointsArmed()) await pausePoint('batch.parking');
      await this.process([poisoned(only, parkedAs(failure), `${failure.name}: ${failure.message}`)]);
    } else if (only.kind === 'poison') {
      await this.lastResort(only, failure);
    } else {
      only.settle.reject(failure);
    }
  }

  /** No message may stop the others: its stub is parked, and when PostgreSQL refuses that too, the message is passed over. */
  private async lastResort(work: PoisonWork, failure: Error): Promise<void> {
    if (!work.stub) {
      await this.process([stubOf(work, failure)]);
    } else if (isOfTheDatabase(failure)) {
      work.settle.reject(new ParkingUnavailableError({ cause: failure }));
    } else {
      this.observer.unparkable?.(work.delivered, failure);
      work.settle.resolve();
    }
  }
}
