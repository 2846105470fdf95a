import { addCounted, NOTHING_COUNTED, type Counted, type EntityContention, type WriteOutcome } from './report.js';

const SECOND_MS = 1_000;
/** Seconds that are kept: as many as the longer window has. */
const MINUTE_S = 60;
const BURST_S = 5;

type Sums = { -readonly [K in keyof Counted]: Counted[K] };

interface Second {
  /** Which one, since the clock began. */
  at: number;
  readonly sums: Sums;
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

  /** @param now milliseconds of a clock that does not go back */
  constructor(private readonly now: () => number) {}

  count(entity: string, outcome: WriteOutcome): void {
    const sums = this.second(entity);
    sums.attempts++;
    const field = FIELDS[outcome];
    if (field) sums[field]++;
  }

  waited(entity: string, ms: number): void {
    this.second(entity).lockWaitMs += ms;
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
      }))
      .filter(({ minute }) => minute.attempts > 0 || minute.lockWaitMs > 0);
  }

  /** The current second of this entity, which takes the place of that of a minute ago. */
  private second(entity: string): Sums {
    const at = Math.floor(this.now() / SECOND_MS);
    let seconds = this.entities.get(entity);
    if (!seconds) this.entities.set(entity, (seconds = []));
    const place = at % MINUTE_S;
    const known = seconds[place];
    if (known?.at === at) return known.sums;
    const sums = { ...NOTHING_COUNTED };
    seconds[place] = { at, sums };
    return sums;
  }
}
