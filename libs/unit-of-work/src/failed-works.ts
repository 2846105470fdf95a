import { translate, UniqueViolationError, type Executor } from '@backstep/concurrency';
import { knownMessages, PARKED_TABLE, parkedMessages, type Delivered } from '@backstep/inbox';
import type { Next } from './after-a-failure.js';
import type { BlockedWorks } from './blocked-works.js';
import type { UnitOfWorkObserver } from './observer.js';
import { isReplay, rejectAll, type Failed } from './outcome.js';
import { withoutRefused, type Unrefused } from './shared-parts.js';
import type { Work } from './work.js';

/** The ways to go on after a failure that ask the database which works of the batch it is the fault of. */
export type Asking = Extract<Next, 'without duplicates' | 'set aside' | 'without refused'>;

const NOBODY: Unrefused = { others: [] };

/**
 * Asks the database for which works a batch has failed: they are settled, or wait by themselves, and the others go on without them. When the
 * database does not answer, all works are rejected, and none goes on.
 */
export class FailedWorks {
  constructor(
    private readonly executor: Executor,
    private readonly blocked: BlockedWorks,
    private readonly observer: UnitOfWorkObserver,
  ) {}

  /** @returns the works that go on, all of them when it was asked in vain; or why a message must be parked, which has to stand alone for it */
  async without(asking: Asking, works: readonly Work[], failed: Failed): Promise<Unrefused> {
    try {
      switch (asking) {
        case 'without duplicates':
          return { others: await this.withoutDuplicates(works, failed) };
        case 'set aside':
          return { others: await this.withoutBlocked(works, failed) };
        case 'without refused':
          return await withoutRefused(works, this.executor, failed.demanded);
      }
    } catch (error) {
      rejectAll(works, translate(error));
      return NOBODY;
    }
  }

  /** The inbox, or the parking lot, is asked which messages it has. */
  private async withoutDuplicates(works: readonly Work[], { failure }: Failed): Promise<readonly Work[]> {
    const ids = works.flatMap((work) => (work.kind === 'request' ? [] : [work.id]));
    const inTheLot = failure instanceof UniqueViolationError && failure.table === PARKED_TABLE;
    const known = await (inTheLot ? parkedMessages : knownMessages)(this.executor, ids);
    const isKnown = (work: Work): boolean => work.kind !== 'request' && known.has(work.id) && !isReplay(work);
    const dropped: Delivered[] = [];
    for (const work of works) {
      if (work.kind === 'request' || !isKnown(work)) continue;
      dropped.push(work.delivered);
      work.settle.resolve();
    }
    if (dropped.length > 0) this.observer.duplicates?.(dropped);
    return works.filter((work) => !isKnown(work));
  }

  /** Whoever needs a row that somebody else holds waits until it is free. */
  private async withoutBlocked(works: readonly Work[], { failure, began }: Failed): Promise<readonly Work[]> {
    this.observer.conflict?.(failure);
    const free = await this.blocked.setAside(works, failure, began);
    if (free.length < works.length) this.observer.blocked?.(works.length - free.length);
    return free;
  }
}
