import { DatabaseUnavailableError, LockedError } from '@backstep/concurrency';
import { FenceError } from '@backstep/locks';
import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import {
  ContendedError,
  isOfTheDatabase,
  OverloadedError,
  type Change,
  type Needs,
  type UnitOfWork,
} from '@backstep/unit-of-work';
import { ApplyHandler, type Applicable } from './apply.handler.js';
import { choose, type Chosen } from './choose.js';
import { countFailure } from './failed.handler.js';
import { HeldEntries } from './held-entries.js';
import type { LaneDefinition } from './lane-definition.js';
import { lockOf, type LaneOwner, type Ownership } from './lane-owner.js';
import type { LaneStore } from './lane-store.js';

/** Sees what a worker does; for metrics and logs. Must not throw. */
export interface WorkerObserver {
  /** An entry could not be applied. It is tried again later, unless it is rejected because of this. */
  failed?(key: string, error: unknown): void;
}

/**
 * Applies the entries of a lane: takes the oldest, gives them in order to the unit of work, whose batch decides one after the other and
 * writes all of them with one commit.
 *
 * One instance does so at a time (`owner`), for the sake of economy. What keeps an entry from being applied twice or too early is the
 * check of its row, and of the rows before it: see {@link ApplyHandler}.
 */
export class LaneWorker<I, A> {
  private readonly handler: ApplyHandler<I, A>;
  private readonly held: HeldEntries;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  /** Until when another instance is taken for the owner, milliseconds of this process's clock. */
  private othersUntil = 0;

  constructor(
    private readonly definition: LaneDefinition<I, A>,
    private readonly store: Pick<LaneStore, 'oldest' | 'isEmpty'>,
    private readonly unitOfWork: UnitOfWork,
    private readonly owner: LaneOwner,
    private readonly observer: WorkerObserver = {},
  ) {
    this.handler = new ApplyHandler(definition.handler, definition.limits.jsonBytesMax);
    this.held = new HeldEntries(definition.limits.restBackoff);
  }

  /**
   * Applies what is queued, until nothing is left that can be applied, or another instance does so. Never twice at once: a call during a
   * run makes it look once more.
   * @throws DatabaseUnavailableError, or what the driver or the owner threw
   */
  poll(): Promise<void> {
    this.again = true;
    return (this.running ??= this.run().finally(() => (this.running = undefined)));
  }

  /** Like {@link poll}, after an entry was enqueued here; nothing while another instance is at work. */
  async wake(): Promise<void> {
    if (Date.now() >= this.othersUntil) await this.poll();
  }

  /** Begins no other turn. Resolves when the present one has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running?.catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { name, limits } = this.definition;
    while (this.again && !this.stopped) {
      this.again = false;
      if (await this.store.isEmpty(name)) continue;
      const mine = await this.owner.alone(name, async (own) => {
        while (!own.lost.aborted && !this.stopped && (await this.turn(own)));
      });
      this.othersUntil = mine ? 0 : Date.now() + limits.pollMs;
    }
  }

  /** @returns whether any entry was settled */
  private async turn({ fence }: Ownership): Promise<boolean> {
    const { name, limits } = this.definition;
    const { batch, windowMax, turnMs } = limits;
    const held = this.held.at(Date.now());
    if (this.held.size >= windowMax) return false;
    const queued = await this.store.oldest(name, this.held.size === 0 ? batch : windowMax);
    const chosen = choose(queued, (input) => this.rowsOf(input), held, batch);
    if (chosen.length === 0) return false;
    if (pausePointsArmed()) await pausePoint('lane.before-apply');
    let settled = 0;
    const applying = chosen.map(async (entry) => {
      if (await this.apply(entry, fence)) settled++;
    });
    await allOrLate(applying, turnMs);
    return settled > 0;
  }

  /** The rows that an entry names, as text: those that name one row have one text. */
  private rowsOf(input: unknown): string[] {
    let needs: Needs;
    try {
      needs = this.definition.handler.needs(input as I);
    } catch {
      // It will be rejected, and changes no row.
      return [];
    }
    const rows: string[] = [];
    for (const need of Object.values(needs)) {
      const keys = need.kind === 'one' ? [need.key] : need.keys;
      // In lower case, as a UUID may come in either. Texts that differ in nothing else keep their order too, which costs little.
      for (const key of keys) rows.push(`${need.entity.name}/${key.toLowerCase()}`);
    }
    return rows;
  }

  /** @returns whether the entry is settled */
  private async apply(chosen: Chosen, fence: Change | undefined): Promise<boolean> {
    this.held.begin(chosen);
    const { key, input, behind } = chosen;
    const entry = { key, input, behind, fence };
    try {
      const applied = await this.unitOfWork.request(this.handler, entry);
      this.held.end(key);
      return applied === 'settled';
    } catch (error) {
      // Another is the owner now, and applies the entry.
      const isLost = error instanceof FenceError && error.names.includes(lockOf(this.definition.name));
      if (!isLost) this.observer.failed?.(key, error);
      const settled = !isLost && (await this.count(entry, error));
      if (settled) this.held.end(key);
      else this.held.rest(key, Date.now());
      return settled;
    }
  }

  /**
   * Stores that the entry could not be applied: because others hold its rows, or because what its handler decided cannot be written, and then
   * it is rejected. Where the database is to blame, the entry rests, and its rows are held, until the database is well.
   * @returns whether the entry is settled by that
   */
  private async count(entry: Applicable, error: unknown): Promise<boolean> {
    if (this.stopped || isNotItsFault(error)) return false;
    const contended = error instanceof ContendedError || error instanceof LockedError;
    const attemptsMax = contended ? this.definition.limits.attemptsMax : 1;
    try {
      return await this.unitOfWork.request(countFailure, { ...entry, error, attemptsMax });
    } catch (failure) {
      this.observer.failed?.(entry.key, failure);
      return false;
    }
  }
}

const isNotItsFault = (error: unknown): boolean =>
  error instanceof OverloadedError || error instanceof DatabaseUnavailableError || isOfTheDatabase(error as Error);

/** Resolves when all have ended, or after `ms`. */
async function allOrLate(all: readonly Promise<void>[], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([Promise.all(all), late]);
  clearTimeout(timer);
}
