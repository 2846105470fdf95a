import { parseArgs } from 'node:util';

export interface MutantsOptions {
  readonly only: string | undefined;
  readonly list: boolean;
  readonly json: string | undefined;
  readonly writeDocs: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run mutants -- [options]

  --list         which mutants there are
  --only NAME    this one alone
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
  const { only, list = false, json, 'write-docs': writeDocs = false, help = false } = parse(args);
  if (only !== undefined && !names.includes(only)) {
    throw new UsageError(`there is no mutant "${only}": see npm run mutants -- --list`);
  }
  if (writeDocs && only !== undefined) throw new UsageError('--write-docs needs the verdicts of all: leave --only out');
  return { only, list, json, writeDocs, help };
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' } as const, { type: 'boolean' } as const];
  try {
    const options = { only: text, list: flag, json: text, 'write-docs': flag, help: flag };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
