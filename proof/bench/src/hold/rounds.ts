import { DataSource } from 'typeorm';
import { Engineer, ON_CALL_SQL, OUTCOME_SQL, TABLE_SQL, type Side } from './engineer.js';
import { WAYS, type Leavers, type Way, type WayName } from './ways.js';

const MS_PER_SECOND = 1_000;
/** How many pairs decide at once: a lock that is too wide shows when others want what it covers. */
export const AT_ONCE = [1, 8] as const;
export type AtOnce = (typeof AT_ONCE)[number];
/** Rounds of one way before the next one has its turn: what is compared is measured in the same seconds. */
const TURN = 100;
/** Rounds of each way that are not measured: statements are prepared, and the code is compiled. */
const WARM_UP = 16;

export interface RoundsOptions {
  readonly url: string;
  /** Of each way, with each number of pairs at once. */
  readonly rounds: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Cell {
  readonly way: WayName;
  readonly atOnce: AtOnce;
  readonly rounds: number;
  readonly perSecond: number;
  /** Pairs of which both have left. */
  readonly skewed: number;
  /** Pairs of which nobody has. */
  readonly idle: number;
}

export interface RoundsReport {
  readonly cells: readonly Cell[];
  /** Why the run is worth nothing, or has found something. */
  readonly faults: readonly string[];
}

/**
 * Rounds in which both of a pair ask at the same moment, at two instances, to leave while the other stays: of each pair one must stay. Each way has its
 * turn, so that their rates can be compared.
 */
export async function holdRounds({ url, rounds, print, signal }: RoundsOptions): Promise<RoundsReport> {
  const dataSource = await new DataSource({ type: 'postgres', url, entities: [Engineer] }).initialize();
  const cells: Cell[] = [];
  try {
    await dataSource.query(TABLE_SQL);
    for (const atOnce of AT_ONCE) {
      const measured = await inTurns({ url, dataSource }, atOnce, rounds, signal);
      cells.push(...measured);
      for (const cell of measured) print(told(cell));
    }
  } finally {
    await dataSource.destroy();
  }
  return { cells, faults: cells.flatMap((cell) => [...faultsOf(cell)]) };
}

interface Sums {
  readonly way: WayName;
  readonly leavers: Leavers;
  rounds: number;
  ms: number;
  skewed: number;
  idle: number;
}

async function inTurns(
  place: { url: string; dataSource: DataSource },
  atOnce: AtOnce,
  rounds: number,
  signal: AbortSignal,
): Promise<Cell[]> {
  const all: Sums[] = [];
  try {
    for (const [way, { open }] of Object.entries(WAYS) as [WayName, Way][])
      all.push({ way, leavers: await open(place, atOnce), rounds: 0, ms: 0, skewed: 0, idle: 0 });
    for (const { leavers } of all) await turn(place.dataSource, leavers, atOnce, WARM_UP);
    for (let done = 0, turns = 0; done < rounds; done += TURN, turns++) {
      const many = Math.min(TURN, rounds - done);
      for (const sums of rotated(all, turns)) {
        signal.throwIfAborted();
        const { ms, skewed, idle } = await turn(place.dataSource, sums.leavers, atOnce, many);
        sums.rounds += many;
        sums.ms += ms;
        sums.skewed += skewed;
        sums.idle += idle;
      }
    }
  } finally {
    for (const { leavers } of all) await leavers.close();
  }
  return all.map(({ way, rounds: many, ms, skewed, idle }) => ({
    ...{ way, atOnce, rounds: many, skewed, idle },
    perSecond: Math.round((many * MS_PER_SECOND) / ms),
  }));
}

/** Each turn begins with another one: who is first has a colder database. */
const rotated = <T>(all: readonly T[], by: number): T[] => all.map((_, at) => all[(at + by) % all.length] as T);

let turnsSoFar = 0;

async function turn(dataSource: DataSource, leavers: Leavers, atOnce: number, rounds: number) {
  const prefix = `${++turnsSoFar}-`;
  const pairs = Array.from({ length: rounds }, (_, n) => prefix + n);
  await dataSource.query(ON_CALL_SQL, [pairs]);
  const began = performance.now();
  let next = 0;
  const call = async (_: unknown, caller: number): Promise<void> => {
    for (let pair = pairs[next++]; pair !== undefined; pair = pairs[next++]) {
      const leaving = pair;
      await Promise.all(([0, 1] as const).map((side: Side) => leavers.leave(side, caller, leaving)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, call));
  const ms = performance.now() - began;
  const [outcome] = await dataSource.query<{ skewed: number; idle: number }[]>(OUTCOME_SQL);
  return { ms, skewed: outcome?.skewed ?? NaN, idle: outcome?.idle ?? NaN };
}

function* faultsOf({ way, atOnce, rounds, skewed, idle }: Cell): Generator<string> {
  const where = `${way}, ${atOnce} at once`;
  const { unsafe }: Way = WAYS[way];
  if (unsafe && skewed === 0) yield `${where}: in none of ${rounds} rounds have both left, so the two do not race`;
  if (!unsafe && skewed !== 0) yield `${where}: in ${skewed} of ${rounds} rounds both have left`;
  if (idle !== 0) yield `${where}: in ${idle} of ${rounds} rounds nobody has left`;
}

const told = ({ way, atOnce, rounds, perSecond, skewed }: Cell): string =>
  `${String(atOnce).padStart(2)} at once  ${way.padEnd(12)} ${String(perSecond).padStart(6)} rounds/s  both left in ${skewed} of ${rounds}`;
