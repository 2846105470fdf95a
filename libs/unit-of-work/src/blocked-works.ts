import { backoffMs, delay } from '@backstep/resilience';
import { translate, type Executor, type Tables, type VersionedTable } from '@backstep/concurrency';
import { askedBy } from './batch.js';
import { ContendedError, LockedError } from './errors.js';
import { keysOf } from './needs.js';
import { RowSet } from './row-set.js';
import { rowsHeldByOthers } from './rows-held-by-others.js';
import type { Work } from './work.js';

/** How long works wait whose rows somebody holds. */
export interface BlockedLimits {
  /**
   * How long a request waits for rows that somebody else holds, milliseconds. Then it is given back as contended. (For a row whose entity says
   * `locked({ wait })`, it is that time, and then it is refused as locked.)
   */
  readonly requestBlockedMs: number;
  /** The same of a message. Then it comes again, with all that was delivered with it. */
  readonly messageBlockedMs: number;
}

/** How soon it is asked again whether rows are free, which costs a statement. */
const LOOK_AGAIN = { baseMs: 20, capMs: 500 };

interface Blocked {
  readonly work: Work;
  /** Its place among all that were ever blocked: the order in which they came. */
  readonly place: number;
  readonly since: number;
  /** Milliseconds from `since`. */
  readonly waitMs: number;
  /** What it is given back with. */
  readonly error: () => Error;
}

/** A row that somebody holds. */
interface HeldRow {
  readonly table: VersionedTable;
  readonly key: string;
}

/** How long a request waits for it, where its entity says so. */
const waitFor = ({ table: { strategy } }: HeldRow): number => (strategy.kind === 'locked' ? strategy.wait : Infinity);

const keyOf = (work: Work): string => (work.kind === 'request' ? '' : work.key);

/**
 * Works that need rows which somebody holds for longer than `lock_timeout`: a transaction that hangs, a person at psql. They wait here while the
 * others go on, and go again when their rows are free. What comes behind one of them of its key waits too: a key's messages keep their order.
 *
 * Bounded by what may be submitted: blocked requests count as waiting requests, and messages are fetched no further than they are settled.
 */
export class BlockedWorks {
  private blocked: Blocked[] = [];
  /** Of every work that was blocked once: it keeps its place, and the time since which it waits. */
  private readonly known = new WeakMap<Work, Blocked>();
  private places = 0;
  /** As of when it was asked last. */
  private held: Map<VersionedTable, ReadonlySet<string>> = new Map();
  private watching: Promise<void> | undefined;
  private stopped = false;

  /** @param again runs works whose rows are free */
  constructor(
    private readonly tables: Tables,
    private readonly executor: Executor,
    private readonly limits: BlockedLimits,
    private readonly again: (works: readonly Work[]) => void,
  ) {}

  /** Pending while there are any. */
  get waiting(): Promise<void> | undefined {
    return this.watching;
  }

  /**
   * Takes over what needs a row that is known to be held, so that it is not waited for once more, and what is behind a blocked work of its
   * key. @returns the others
   */
  admit(works: readonly Work[]): readonly Work[] {
    const [first] = this.blocked;
    if (first === undefined) return works;
    // One that was blocked itself comes before those that still are.
    const [free, blocked] = this.divide(works, new Set(this.blocked.map(({ work }) => keyOf(work))), this.known);
    const cause = first.error();
    this.add(blocked.map((work) => this.entry(work, cause, performance.now())));
    return free;
  }

  /**
   * Takes over what needs a row that somebody holds, and what is behind that of its key.
   * @param since when it was first tried to get them
   * @returns the others: all of them when nobody holds any.
   * @throws DatabaseUnavailableError, or what the driver said
   */
  async setAside(works: readonly Work[], cause: Error, since: number): Promise<readonly Work[]> {
    if (this.blocked.length === 0) this.held = new Map();
    const held = await this.heldRows(works);
    for (const [table, keys] of this.held) held.set(table, new Set([...keys, ...(held.get(table) ?? [])]));
    this.held = held;
    const [free, blocked] = this.divide(works);
    this.add(blocked.map((work) => this.entry(work, cause, since)));
    return free;
  }

  /** Gives back as contended what waits, and from now on what would. */
  stop(): void {
    this.stopped = true;
    giveBack(this.blocked.splice(0));
  }

  private entry(work: Work, cause: Error, since: number): Blocked {
    const known = this.known.get(work);
    if (known) return known;
    const { waitMs, error } = this.patienceOf(work, cause);
    const entry = { work, place: ++this.places, since, waitMs, error };
    this.known.set(work, entry);
    return entry;
  }

  private patienceOf(work: Work, cause: Error): Pick<Blocked, 'waitMs' | 'error'> {
    const contended = (): Error => new ContendedError({ cause });
    if (work.kind !== 'request') return { waitMs: this.limits.messageBlockedMs, error: contended };
    const [first] = [...this.heldOf(work)].sort((a, b) => waitFor(a) - waitFor(b));
    if (first === undefined || waitFor(first) === Infinity)
      return { waitMs: this.limits.requestBlockedMs, error: contended };
    const { table, key } = first;
    return { waitMs: waitFor(first), error: () => new LockedError(table.entity.name, key, { cause }) };
  }

  private add(entries: readonly Blocked[]): void {
    if (entries.length === 0) return;
    this.blocked = [...this.blocked, ...entries].sort((a, b) => a.place - b.place);
    if (this.stopped) return giveBack(this.blocked.splice(0));
    this.giveBackOverdue();
    if (this.blocked.length === 0) return;
    this.watching ??= this.watch();
  }

  private async watch(): Promise<void> {
    for (let attempt = 0; this.blocked.length > 0; attempt++) {
      await delay(Math.min(backoffMs(LOOK_AGAIN, attempt), this.untilOverdue()));
      this.giveBackOverdue();
      const works = this.blocked.map(({ work }) => work);
      try {
        this.held = await this.heldRows(works);
        const [free] = this.divide(works);
        // Meanwhile they may have been given back.
        const waiting = new Set(this.blocked.map(({ work }) => work));
        const going = new Set(free.filter((work) => waiting.has(work)));
        this.blocked = this.blocked.filter(({ work }) => !going.has(work));
        if (going.size > 0) this.again([...going]);
      } catch (error) {
        giveBack(this.blocked.splice(0), translate(error));
      }
    }
    this.watching = undefined;
  }

  /** A message that is given back takes those of its key along that are behind it. */
  private giveBackOverdue(): void {
    const now = performance.now();
    const overdue = new Set<string>();
    const isOverdue = ({ work, since, waitMs }: Blocked): boolean => {
      if (work.kind === 'request') return now - since >= waitMs;
      if (now - since >= waitMs) overdue.add(work.key);
      return overdue.has(work.key);
    };
    const late = this.blocked.filter(isOverdue);
    if (late.length === 0) return;
    this.blocked = this.blocked.filter((entry) => !late.includes(entry));
    giveBack(late);
  }

  /** Milliseconds until the first one is overdue. */
  private untilOverdue(): number {
    const now = performance.now();
    return this.blocked.reduce(
      (least, { since, waitMs }) => Math.max(0, Math.min(least, since + waitMs - now)),
      Infinity,
    );
  }

  private heldRows(works: readonly Work[]): Promise<Map<VersionedTable, ReadonlySet<string>>> {
    const rowSet = new RowSet(this.tables);
    for (const work of works) rowSet.want(askedBy(work).needs);
    return rowsHeldByOthers(this.executor, rowSet.wanted());
  }

  /** @param keys what is behind a blocked one of them is blocked; @param but these are not */
  private divide(
    works: readonly Work[],
    keys = new Set<string>(),
    but?: Pick<WeakMap<Work, unknown>, 'has'>,
  ): readonly [free: Work[], blocked: Work[]] {
    const free: Work[] = [];
    const blocked: Work[] = [];
    for (const work of works) {
      const key = keyOf(work);
      const isBlocked = !but?.has(work) && ((key !== '' && keys.has(key)) || this.needsHeld(work));
      if (isBlocked) keys.add(key);
      (isBlocked ? blocked : free).push(work);
    }
    return [free, blocked];
  }

  private needsHeld(work: Work): boolean {
    return !this.heldOf(work).next().done;
  }

  private *heldOf(work: Work): Generator<HeldRow> {
    for (const need of Object.values(askedBy(work).needs)) {
      const table = this.tables.of(need.entity);
      const held = this.held.get(table);
      for (const asked of held ? keysOf(need) : []) {
        const key = table.canonicalKey(asked);
        if (held?.has(key)) yield { table, key };
      }
    }
  }
}

/** @param instead of the error that each would be given back with */
function giveBack(entries: readonly Blocked[], instead?: Error): void {
  for (const { work, error } of entries) work.settle.reject(instead ?? error());
}
