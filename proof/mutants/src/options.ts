import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface MutantsOptions {
  readonly only: readonly string[] | undefined;
  readonly list: boolean;
  /** Mutants that are judged at the same time, each in a copy of its own. */
  readonly atOnce: number;
  readonly json: string | undefined;
  readonly writeDocs: boolean;
  readonly help: boolean;
}

/** A copy takes some 40 MB of disk, and what a check starts up to 1 GB of memory. */
const AT_ONCE_MAX = 8;

export const USAGE = `npm run mutants -- [options]

  --list         which mutants there are
  --only A,B     these alone
  --at-once N    judge so many at a time; default: as many as there are cores, at most ${AT_ONCE_MAX}
  --json FILE    write the verdicts, as JSON
  --write-docs   write the table in docs/mutants.md

Takes each protection out of a copy of the sources and makes the check that must notice.
Exit codes: 0 all were caught, 1 one was not, 2 wrong options.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readOptions(args: readonly string[], names: readonly string[]): MutantsOptions {
  const {
    only: named,
    list = false,
    'at-once': given,
    json,
    'write-docs': writeDocs = false,
    help = false,
  } = parse(args);
  const only = named?.split(',');
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no mutant "${unknown}": see npm run mutants -- --list`);
  if (writeDocs && only !== undefined) throw new UsageError('--write-docs needs the verdicts of all: leave --only out');
  return { only, list, atOnce: atOnceOf(given), json, writeDocs, help };
}

function atOnceOf(given: string | undefined): number {
  const atOnce = given === undefined ? Math.min(availableParallelism(), AT_ONCE_MAX) : Number(given);
  if (Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= AT_ONCE_MAX) return atOnce;
  throw new UsageError(`--at-once must be a whole number from 1 to ${AT_ONCE_MAX}, not ${given}`);
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' } as const, { type: 'boolean' } as const];
  try {
    const options = { only: text, list: flag, 'at-once': text, json: text, 'write-docs': flag, help: flag };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
