import { addWaits, countWait, type LockWaits } from './lock-waits.js';
import {
  addCounted,
  lostOf,
  NOTHING_COUNTED,
  type Counted,
  type EntityContention,
  type WriteOutcome,
} from './report.js';
import { Series, type Slot } from './series.js';

const SECOND_MS = 1_000;
/** Seconds that are kept: as many as the longer window has. */
const MINUTE_S = 60;
const BURST_S = 5;

type Sums = { -readonly [K in keyof Counted]: Counted[K] };

interface Second {
  /** Which one, since the clock began. */
  at: number;
  readonly sums: Sums;
  /** undefined: nothing was read with locks. */
  waits: number[] | undefined;
}

const FIELDS: Readonly<Record<WriteOutcome, keyof Counted | undefined>> = {
  committed: undefined,
  conflict: 'conflicts',
  deadlock: 'deadlocks',
  lock_timeout: 'lockTimeouts',
  gave_up: 'gaveUp',
};

/** Counts what became of the attempts to write each entity, second by second, for a minute. */
export class Meter {
  private readonly entities = new Map<string, Second[]>();

  /** @param now milliseconds of a clock that does not go back @param time milliseconds since 1970 */
  constructor(
    private readonly now: () => number,
    private readonly time: () => number = Date.now,
  ) {}

  count(entity: string, outcome: WriteOutcome): void {
    const { sums } = this.second(entity);
    sums.attempts++;
    const field = FIELDS[outcome];
    if (field) sums[field]++;
  }

  waited(entity: string, ms: number): void {
    const second = this.second(entity);
    second.sums.lockWaitMs += ms;
    second.waits = countWait(second.waits, ms);
  }

  /** Entities that were written in the last minute. */
  report(): EntityContention[] {
    const now = Math.floor(this.now() / SECOND_MS);
    const sumSince = (seconds: readonly Second[], windowS: number): Counted =>
      seconds.reduce((sum, { at, sums }) => (at > now - windowS ? addCounted(sum, sums) : sum), NOTHING_COUNTED);
    return [...this.entities]
      .map(([entity, seconds]) => ({
        entity,
        minute: sumSince(seconds, MINUTE_S),
        burst: sumSince(seconds, BURST_S),
        series: this.seriesOf(seconds),
        lockWaits: seconds.reduce<LockWaits>(
          (sum, { at, waits = [] }) => (at > now - MINUTE_S ? addWaits(sum, waits) : sum),
          [],
        ),
      }))
      .filter(({ minute }) => minute.attempts > 0 || minute.lockWaitMs > 0);
  }

  private seriesOf(seconds: readonly Second[]): Slot[] {
    const [now, time] = [this.now(), this.time()];
    const series = new Series();
    // A ring: it begins anywhere, and may have places that nobody has used yet.
    const inOrder = seconds.filter(Boolean).sort((a, b) => a.at - b.at);
    for (const { at, sums } of inOrder) series.add(time - now + at * SECOND_MS, sums.attempts, lostOf(sums));
    return series.until(time);
  }

  /** The current second of this entity, which takes the place of that of a minute ago. */
  private second(entity: string): Second {
    const at = Math.floor(this.now() / SECOND_MS);
    let seconds = this.entities.get(entity);
    if (!seconds) this.entities.set(entity, (seconds = []));
    const place = at % MINUTE_S;
    const known = seconds[place];
    if (known?.at === at) return known;
    return (seconds[place] = { at, sums: { ...NOTHING_COUNTED }, waits: undefined });
  }
}
