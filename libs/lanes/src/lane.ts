import { storable, type Executor } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import type { ProblemBody } from '@backstep/problems';
import type { UnitOfWork } from '@backstep/unit-of-work';
import { EntryQueued, EntrySettled } from './effects.js';
import { enqueue } from './enqueue.handler.js';
import { wrongId, wrongInput } from './errors.js';
import type { LaneDefinition } from './lane-definition.js';
import { entryKey, idOf, type LaneEntry } from './lane-entry.entity.js';
import type { LaneOwner } from './lane-owner.js';
import { LaneStore, type Waiting } from './lane-store.js';
import { LaneWorker, type WorkerObserver } from './lane-worker.js';
import { QueueBound } from './queue-bound.js';
import { Settlements } from './settlements.js';
import { asStored, isStored } from './storable-json.js';

/** Characters of an id that a caller gives. */
const ID_MAX = 200;

interface EntryOf<S extends string> {
  readonly id: string;
  readonly state: S;
  readonly queuedAt: Date;
  /** What was put in, after JSON: a Date is a text. */
  readonly input: unknown;
  /** How often others held its rows for too long. */
  readonly attempts: number;
}

/** An entry as callers see it. `answer` is the handler's, as JSON gives it back; `problem` says why it was rejected. */
export type Entry<A = unknown> =
  | EntryOf<'QUEUED'>
  | (EntryOf<'APPLIED'> & { readonly settledAt: Date; readonly answer: A })
  | (EntryOf<'REJECTED'> & { readonly settledAt: Date; readonly problem: ProblemBody; readonly cause: string });

/** What a lane works with. */
export interface LaneParts {
  readonly unitOfWork: UnitOfWork;
  readonly executor: Executor;
  readonly owner: LaneOwner;
  readonly observer?: WorkerObserver;
}

/**
 * A durable queue in front of a request handler. Whoever skips it (`unitOfWork.request(handler, input)`) is right too, at the same time and on
 * the same rows: every write checks versions.
 *
 * Entries that name a row in common (what the handler `needs`) are applied in the order in which they were enqueued: one that is enqueued
 * after `enqueue` of another has returned is applied after that. Others have no order among them.
 */
export class Lane<I = unknown, A = unknown> {
  readonly name: string;
  readonly worker: LaneWorker<I, A>;
  private readonly unitOfWork: UnitOfWork;
  private readonly store: LaneStore;
  private readonly bound: QueueBound;
  private readonly settlements: Settlements;

  constructor(
    private readonly definition: LaneDefinition<I, A>,
    { unitOfWork, executor, owner, observer }: LaneParts,
  ) {
    this.name = definition.name;
    this.unitOfWork = unitOfWork;
    this.store = new LaneStore(executor);
    this.worker = new LaneWorker(definition, this.store, unitOfWork, owner, observer);
    this.bound = new QueueBound(definition, this.store);
    this.settlements = new Settlements(this.store);
    unitOfWork.on(EntrySettled, (entries) => {
      for (const { lane, key } of entries) if (lane === this.name) this.settlements.settled(key);
    });
  }

  /**
   * Stores an entry, to be applied soon. The same id again is the same entry: then its present state is returned.
   * @param id default: a new one
   * @returns the entry, after the commit
   * @throws LaneFullError, when `queueMax` entries wait; ProblemError, when the id names an entry with another input, or id or input cannot
   * be stored; OverloadedError; DatabaseUnavailableError; ContendedError
   */
  async enqueue(input: I, { id = newId() }: { readonly id?: string } = {}): Promise<Entry<A>> {
    checkId(id);
    const stored = asStored(input, this.definition.limits.jsonBytesMax);
    if (!isStored(stored)) throw wrongInput(stored);
    await this.bound.admit();
    return entryOf(await this.unitOfWork.request(enqueue, { lane: this.name, id, input: stored.json }));
  }

  /** @returns undefined: there is none with this id, or it was settled longer ago than `retainDays` */
  async find(id: string): Promise<Entry<A> | undefined> {
    checkId(id);
    const found = await this.store.find(entryKey(this.name, id));
    return found && entryOf(found);
  }

  /**
   * Waits until the entry is settled.
   * @param waitMs at most so long, milliseconds
   * @returns the entry, QUEUED when the time is over; undefined: there is none
   */
  async settled(id: string, { waitMs }: { readonly waitMs: number }): Promise<Entry<A> | undefined> {
    const key = entryKey(this.name, id);
    const found = await this.find(id);
    if (found?.state !== 'QUEUED') return found;
    await this.settlements.wait(key, waitMs);
    return this.find(id);
  }

  /** How many entries wait, and for how long; for metrics. */
  waiting(): Promise<Waiting> {
    return this.store.waiting(this.name, this.definition.limits.queueMax);
  }

  /** Deletes settled entries past their retention, in chunks. */
  async purge(): Promise<void> {
    const { retainDays, purgeChunk } = this.definition.limits;
    while ((await this.store.purge(this.name, retainDays, purgeChunk)) === purgeChunk);
  }

  /** Applies entries that are enqueued here as soon as they are stored. @param failed hears why that was not possible */
  wakeOnEnqueue(failed: (error: unknown) => void): void {
    this.unitOfWork.on(EntryQueued, (entries) => {
      if (entries.some(({ lane }) => lane === this.name)) this.worker.wake().catch(failed);
    });
  }
}

function checkId(id: string): void {
  if (id.length === 0 || id.length > ID_MAX) throw wrongId(`must have 1 to ${ID_MAX} characters`);
  if (storable(id) !== id) throw wrongId('must not hold U+0000 or half a surrogate pair');
}

function entryOf<A>(row: LaneEntry): Entry<A> {
  const { state, queuedAt, input, attempts, answer, problem, cause } = row;
  const entry = { id: idOf(row), queuedAt, input, attempts };
  const settledAt = row.settledAt ?? queuedAt;
  if (state === 'APPLIED') return { ...entry, state, settledAt, answer: answer as A };
  if (state === 'REJECTED') return { ...entry, state, settledAt, problem: problem as ProblemBody, cause: cause ?? '' };
  return { ...entry, state };
}
