import { optimistic, Contended, Version, type EntityClass } from '@backstep/concurrency';
import { DEFAULT_LIMITS, one, update } from '@backstep/unit-of-work';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { belowTheFloor, ratiosOf } from './floors.js';
import { instanceOn, nothingCounted } from './instance.js';

const INSTANCES = 4;
const CALLERS = 64;
const KEYS = 10_000;
const SKEW = 0.99;
const MS_PER_SECOND = 1_000;

@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

/** The same rows, of an entity that says otherwise. */
@Entity('loaf')
@Contended(optimistic())
class OptimisticLoaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

const TABLE = `
  CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL);
  INSERT INTO loaf SELECT 'loaf-' || n, 0, 1 FROM generate_series(0, ${KEYS - 1}) AS n`;

export type Load = 'zipf' | 'uniform';

const VARIANTS = {
  adaptive: { entity: Loaf, optimisticTries: DEFAULT_LIMITS.optimisticTries },
  'locks at once': { entity: OptimisticLoaf, optimisticTries: 0 },
  'optimistic only': { entity: OptimisticLoaf, optimisticTries: Number.MAX_SAFE_INTEGER },
} as const;
export type Variant = keyof typeof VARIANTS;

export interface Cell {
  readonly round: number;
  readonly load: Load;
  readonly variant: Variant;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** The share of attempts that were lost. */
  readonly lost: number;
  /** The share of batches that locked their rows. */
  readonly locked: number;
  /** Milliseconds until every instance had locked the hottest key; null: that was not so. */
  readonly lockedAfterMs: number | null;
}

export interface AdaptiveReport {
  readonly cells: readonly Cell[];
  readonly faults: readonly string[];
  readonly summary: readonly string[];
}

export interface CompareOptions {
  readonly url: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Measures the variants in turn, so that what is compared was measured in the same minute. */
export async function compareAdaptive(options: CompareOptions): Promise<AdaptiveReport> {
  const { url, rounds, print, signal } = options;
  const dataSource = await new DataSource({ type: 'postgres', url, entities: [Loaf, OptimisticLoaf] }).initialize();
  try {
    await dataSource.query(TABLE);
    const cells: Cell[] = [];
    let done = 0;
    for (let round = 1; round <= rounds; round++) {
      for (const load of ['zipf', 'uniform'] as const) {
        for (const variant of rotated(Object.keys(VARIANTS) as Variant[], round)) {
          signal.throwIfAborted();
          const { cell, committed } = await measure(dataSource, { ...options, round, load, variant });
          done += committed;
          cells.push(cell);
          print(told(cell));
        }
      }
    }
    const faults = [...(await faultsOf(dataSource, done)), ...belowTheFloor(cells)];
    const summary = ratiosOf(cells).map(
      ({ load, best, ratios }) => `${load}: adaptive / ${best}: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`,
    );
    return { cells, faults, summary: [...summary, ...faults] };
  } finally {
    await dataSource.destroy();
  }
}

/** Each round begins with another one: who is first has a colder database. */
const rotated = <T>(all: readonly T[], by: number): T[] => all.map((_, at) => all[(at + by) % all.length] as T);

async function measure(
  dataSource: DataSource,
  { url, seconds, round, load, variant }: CompareOptions & Pick<Cell, 'round' | 'load' | 'variant'>,
): Promise<{ cell: Cell; committed: number }> {
  const { entity, optimisticTries } = VARIANTS[variant];
  const counts = nothingCounted();
  const instances = Array.from({ length: INSTANCES }, () => instanceOn(url, dataSource, counts, optimisticTries));
  const [draw, sell] = [drawOf(load), selling(entity)];
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + seconds * MS_PER_SECOND;
  let lockedAfterMs: number | null = null;
  const isHot = ({ unitOfWork }: (typeof instances)[number]): boolean =>
    unitOfWork.contention.hottest.some(({ key, strategy }) => key === 'loaf-0' && strategy === 'locked');
  const look = setInterval(() => {
    if (lockedAfterMs === null && instances.every(isHot)) lockedAfterMs = Math.round(performance.now() - began);
  }, 50);
  const call = async (_: unknown, caller: number): Promise<void> => {
    const instance = instances[caller % INSTANCES];
    while (instance && performance.now() < until) {
      const asked = performance.now();
      await instance.unitOfWork.request(sell, `loaf-${draw()}`);
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  clearInterval(look);
  for (const { stop } of instances) await stop();
  latencies.sort((a, b) => a - b);
  const cell = {
    ...{ round, load, variant, lockedAfterMs },
    perSecond: Math.round(latencies.length / seconds),
    p99Ms: latencies[Math.ceil(0.99 * latencies.length) - 1] ?? NaN,
    lost: counts.lost / counts.attempts,
    locked: counts.locked / counts.batches,
  };
  return { cell, committed: latencies.length };
}

const selling = (entity: EntityClass<Loaf>) => ({
  needs: (id: string) => ({ loaf: one(entity, id) }),
  decide: (id: string, { loaf }: { loaf: Loaf | undefined }) => {
    if (!loaf) throw new Error(`there is no ${id}`);
    return { answer: undefined, changes: [update(entity, loaf, { sold: loaf.sold + 1 })] };
  },
});

/** Draws the number of a key. */
function drawOf(load: Load): () => number {
  if (load === 'uniform') return () => Math.floor(Math.random() * KEYS);
  let sum = 0;
  const sums = Array.from({ length: KEYS }, (_, n) => (sum += 1 / (n + 1) ** SKEW));
  return () => {
    const drawn = Math.random() * sum;
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** What was answered is in the rows, and nobody has waited in a circle. */
async function faultsOf(dataSource: DataSource, done: number): Promise<string[]> {
  const [sum] = await dataSource.query<{ sold: number }[]>('SELECT sum(sold)::int AS sold FROM loaf');
  const [seen] = await dataSource.query<{ deadlocks: number }[]>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  const faults: string[] = [];
  if (sum?.sold !== done) faults.push(`${done} updates were answered, and ${sum?.sold} are in the rows`);
  if (seen?.deadlocks !== 0) faults.push(`PostgreSQL has seen ${seen?.deadlocks} deadlocks`);
  return faults;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const told = ({ round, load, variant, perSecond, p99Ms, lost, locked, lockedAfterMs }: Cell): string =>
  `${round}  ${load.padEnd(8)} ${variant.padEnd(16)} ${String(perSecond).padStart(7)}/s  p99 ${p99Ms.toFixed(1)} ms  ` +
  `lost ${percent(lost)}  locked ${percent(locked)}` +
  (lockedAfterMs === null ? '' : `  hottest key locked after ${lockedAfterMs} ms`);
