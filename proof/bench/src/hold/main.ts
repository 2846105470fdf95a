import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { FLAG, parsed, TEXT, UsageError, wholeNumber } from '../option-values.js';
import { onOwnPostgres } from '../own-postgres.js';
import { inOwnDatabase } from '../strategies/own-database.js';
import { FLOORS, ratiosOf, tooSlow } from './floor.js';
import { AT_ONCE, holdRounds } from './rounds.js';
import { WAYS } from './ways.js';

const USAGE = `npm run bench -- hold [options]

  --rounds N    rounds of each way; default 1000
  --json FILE   write what was measured

In each round the two of a pair ask at the same moment, at two instances, to leave while the other stays on call. ${AT_ONCE.join(' and ')} pairs at once:
${Object.entries(WAYS)
  .map(([name, { about }]) => `  ${name.padEnd(12)}  ${about}`)
  .join('\n')}
They take turns. On a PostgreSQL of its own, with fsync and synchronous_commit on.
Exit code 1: both of a pair have left though the other was held or locked; nobody of a pair has left; nothing raced; or \`hold\` does less
of the rounds a second that \`FOR UPDATE\` does than ${AT_ONCE.map((atOnce) => `${FLOORS[atOnce]} with ${atOnce} at once`).join(', ')}.
`;

const ROUNDS_MAX = 100_000;

/** `npm run bench -- hold`. Exit codes: 0 measured, 1 it could not be or has found something, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parsed({ args: [...args], options: { help: FLAG, rounds: TEXT, json: TEXT } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const rounds = wholeNumber('rounds', values.rounds, { otherwise: 1_000, max: ROUNDS_MAX });
  const signal = interruption();
  const print = (line: string): void => console.log(line);
  const { cells, faults } = await onOwnPostgres((server) =>
    inOwnDatabase(server, 'backstep_bench', (url) => holdRounds({ url, rounds, print, signal })),
  );
  const ratios = ratiosOf(cells);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ cells, ratios, floors: FLOORS })}\n`);
  for (const { atOnce, ratio } of ratios) print(`hold / FOR UPDATE, ${atOnce} at once: ${ratio.toFixed(2)}`);
  const wrong = [...faults, ...tooSlow(ratios)];
  for (const line of wrong) print(line);
  return wrong.length > 0 ? 1 : 0;
}

try {
  process.exit(await main(process.argv.slice(3)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
