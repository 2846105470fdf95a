import { backoffMs, delay } from '@backstep/resilience';
import { translate, type Executor, type Tables, type VersionedTable } from '@backstep/concurrency';
import { askedBy } from './batch.js';
import { ContendedError } from './errors.js';
import { keysOf } from './needs.js';
import { RowSet } from './row-set.js';
import { rowsHeldByOthers } from './rows-held-by-others.js';
import type { Work } from './work.js';

/** How long works wait whose rows somebody holds. */
export interface BlockedLimits {
  /** How long a request waits for rows that somebody else holds, milliseconds. Then it is given back as contended. */
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
  readonly cause: Error;
}

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
    this.add(blocked.map((work) => this.entry(work, first.cause)));
    return free;
  }

  /**
   * Takes over what needs a row that somebody holds, and what is behind that of its key.
   * @returns the others: all of them when nobody holds any.
   * @throws DatabaseUnavailableError, or what the driver said
   */
  async setAside(works: readonly Work[], cause: Error): Promise<readonly Work[]> {
    const held = await this.heldRows(works);
    for (const [table, keys] of this.held) held.set(table, new Set([...keys, ...(held.get(table) ?? [])]));
    this.held = held;
    const [free, blocked] = this.divide(works);
    this.add(blocked.map((work) => this.entry(work, cause)));
    return free;
  }

  /** Gives back as contended what waits, and from now on what would. */
  stop(): void {
    this.stopped = true;
    giveBack(this.blocked.splice(0));
  }

  private entry(work: Work, cause: Error): Blocked {
    const known = this.known.get(work);
    if (known) return known;
    const entry = { work, place: ++this.places, since: performance.now(), cause };
    this.known.set(work, entry);
    return entry;
  }

  private add(entries: readonly Blocked[]): void {
    if (entries.length === 0) return;
    this.blocked = [...this.blocked, ...entries].sort((a, b) => a.place - b.place);
    if (this.stopped) return giveBack(this.blocked.splice(0));
    this.watching ??= this.watch();
  }

  private async watch(): Promise<void> {
    for (let attempt = 0; this.blocked.length > 0; attempt++) {
      await delay(backoffMs(LOOK_AGAIN, attempt));
      this.giveBackOverdue();
      const works = this.blocked.map(({ work }) => work);
      try {
        this.held = await this.heldRows(works);
        const [free] = this.divide(works);
        // Meanwhile they may have been given back.
        const waiting = new Set(this.blocked.map(({ work }) => work));
        const going = new Set(free.filter((work) => waiting.has(work)));
        this.blocked = this.blocked.filter(({ work }) => !going.has(work));
        this.again([...going]);
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
    const isOverdue = ({ work, since }: Blocked): boolean => {
      if (work.kind === 'request') return now - since > this.limits.requestBlockedMs;
      if (now - since > this.limits.messageBlockedMs) overdue.add(work.key);
      return overdue.has(work.key);
    };
    const late = this.blocked.filter(isOverdue);
    if (late.length === 0) return;
    this.blocked = this.blocked.filter((entry) => !late.includes(entry));
    giveBack(late);
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
    return Object.values(askedBy(work).needs).some((need) => {
      const table = this.tables.of(need.entity);
      const keys = this.held.get(table);
      return keys !== undefined && keysOf(need).some((key) => keys.has(table.canonicalKey(key)));
    });
  }
}

/** @param error default: they are contended */
function giveBack(entries: readonly Blocked[], error?: Error): void {
  for (const { work, cause } of entries) work.settle.reject(error ?? new ContendedError({ cause }));
}
