import { appendFileSync, readFileSync } from 'node:fs';
import { interruption, InterruptedError } from '@backstep/infrastructure';
import { readOptions, USAGE, UsageError } from './options.js';
import { failure, figures, summary, totals, type Figures } from './render.js';
import { drawPlan } from './schedule.js';
import { storm, type Outcome } from './storm.js';

const MS_PER_MINUTE = 60_000;

/** `npm run chaos`. Exit codes: 0 all runs clean, 1 a run was not, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const { seed: first, seeds, minutes, instances, hosts, sockets, faults, rate, keep, json, tally } = readOptions(args);
  if (tally !== undefined) {
    console.log(totals(read(tally)));
    return 0;
  }
  const interrupted = interruption();
  const outcomes: Outcome[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const plan = drawPlan({ seed, durationMs: minutes * MS_PER_MINUTE, instances, hosts, sockets, faults });
    const outcome = await storm(plan, { rate, keep, print: console.log, signal: interrupted });
    if (json !== undefined) appendFileSync(json, `${figures(outcome)}\n`);
    outcomes.push(outcome);
    console.log(outcome.violations.length > 0 ? failure(outcome) : summary(outcome));
  }
  if (seeds > 1) console.log(totals(outcomes));
  return outcomes.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

/** @throws UsageError when it is not what `--json` wrote */
function read(file: string): Figures[] {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Figures);
  } catch (error) {
    throw new UsageError(`${file} is not what --json writes: ${(error as Error).message}`);
  }
}

/** Ends the process itself: of a run that was broken off, customers and waits may be left. */
async function end(): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof UsageError || error instanceof RangeError) {
      console.error(`${error.message}\n\n${USAGE}`);
      process.exit(2);
    }
    console.error(error instanceof InterruptedError ? `broken off by ${error.message}` : error);
    process.exit(1);
  }
}

await end();
