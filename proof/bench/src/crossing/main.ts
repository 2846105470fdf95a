import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { FLAG, parsed, TEXT, UsageError, wholeNumber } from '../option-values.js';
import { onOwnPostgres } from '../own-postgres.js';
import { inOwnDatabase } from '../strategies/own-database.js';
import { crossing, type CrossingReport } from './crossing.js';

const USAGE = `npm run bench -- crossing [options]

  --seconds S   write for so long; default 60
  --json FILE   write what was measured

Four instances of the unit of work in one process, 64 callers; each unit of work writes two rows of each of three tables, 1,000 rows each, keys
by a zipf distribution (0.99), tables and rows in a sequence drawn by lot. Then sessions write the same rows by hand, until PostgreSQL has
ended one for a deadlock. On a PostgreSQL of its own, with fsync and synchronous_commit on.
Exit code 1: PostgreSQL has seen a deadlock of the instances, an update was lost, or the rows do not cross.
`;

const SECONDS_MAX = 3_600;
/** How long sessions write by hand at most: the first deadlock comes within a second. */
const BY_HAND_SECONDS = 30;

/** `npm run bench -- crossing`. Exit codes: 0 measured, 1 it could not be or has found something, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parsed({ args: [...args], options: { help: FLAG, seconds: TEXT, json: TEXT } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seconds = wholeNumber('seconds', values.seconds, { otherwise: 60, max: SECONDS_MAX });
  const signal = interruption();
  const report = await onOwnPostgres((server) =>
    inOwnDatabase(server, 'backstep_bench', (url) =>
      crossing({ url, seconds, byHandSeconds: BY_HAND_SECONDS, signal }),
    ),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
  console.log([told(report), ...report.faults].join('\n'));
  return report.faults.length > 0 ? 1 : 0;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const told = ({ seconds, perSecond, lost, locked, deadlocks, deadlocksByHand }: CrossingReport): string =>
  `${seconds} s, ${perSecond}/s, lost ${percent(lost)}, locked ${percent(locked)}: ${deadlocks} deadlocks; by hand ${deadlocksByHand} at the first`;

try {
  process.exit(await main(process.argv.slice(3)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
