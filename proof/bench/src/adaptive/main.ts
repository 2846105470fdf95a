import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { FLAG, parsed, TEXT, UsageError, wholeNumber } from '../option-values.js';
import { onOwnPostgres } from '../own-postgres.js';
import { inOwnDatabase } from '../strategies/own-database.js';
import { compareAdaptive } from './compare.js';

const USAGE = `npm run bench -- adaptive [options]

  --seconds S   measure each cell for so long; default 3
  --rounds R    measure all cells so often, in turn; default 3
  --json FILE   write what was measured

Four instances of the unit of work in one process, 64 callers, 10,000 rows, keys by a zipf distribution (0.99) and uniform: with
adaptive(), with locks at once, and optimistic only. On a PostgreSQL of its own, with fsync and synchronous_commit on.
Exit code 1: an update was lost; PostgreSQL has seen a deadlock; or, in the middle one of the rounds, adaptive() does less than 0.7 of locks at once on
the skewed load or less than 0.9 of optimistic only on the uniform one, or an instance has not locked the hottest key within 3 s.
`;

const SECONDS_MAX = 600;
const ROUNDS_MAX = 20;

/** `npm run bench -- adaptive`. Exit codes: 0 measured, 1 it could not be or is worth nothing, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = { help: FLAG, seconds: TEXT, rounds: TEXT, json: TEXT };
  const { values } = parsed({ args: [...args], options });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seconds = wholeNumber('seconds', values.seconds, { otherwise: 3, max: SECONDS_MAX });
  const rounds = wholeNumber('rounds', values.rounds, { otherwise: 3, max: ROUNDS_MAX });
  const signal = interruption();
  const print = (line: string): void => console.log(line);
  const report = await onOwnPostgres((server) =>
    inOwnDatabase(server, 'backstep_bench', (url) => compareAdaptive({ url, seconds, rounds, print, signal })),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
  console.log(`\n${report.summary.join('\n')}`);
  return report.faults.length > 0 ? 1 : 0;
}

try {
  process.exit(await main(process.argv.slice(3)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
