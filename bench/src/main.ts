import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interruption, InterruptedError } from '@backstep/infrastructure';
import { Load } from './load/load.js';
import { spread } from './load/orders.js';
import { runScenario } from './measure/run-scenario.js';
import { readOptions, usage, UsageError, type BenchOptions } from './options.js';
import { compare } from './render/compare.js';
import { goals } from './render/goals.js';
import { page } from './render/page.js';
import { text } from './render/text.js';
import type { Result } from './result.js';
import type { Scenario, WarmUp } from './scenarios.js';
import { start, type Started } from './system/start.js';

/** `npm run bench`. Exit codes: 0 measured, 1 it could not be, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  switch (options.do) {
    case 'help':
      console.log(usage());
      return 0;
    case 'goals':
      console.log(goals(read(options.file)));
      return 0;
    case 'compare':
      console.log(compare(read(options.before), read(options.after)));
      return 0;
    case 'run':
      return run(options);
  }
}

async function run({
  scenarios,
  warmUp,
  instances,
  json,
  html,
  profile,
}: Extract<BenchOptions, { do: 'run' }>): Promise<number> {
  const interrupted = interruption();
  const results: Result[] = [];
  const begun = new Date();
  const profiles = profile === undefined ? undefined : resolve(profile);
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
  for (const oneAtATime of [false, true]) {
    const chosen = scenarios.filter((scenario) => (scenario.oneAtATime ?? false) === oneAtATime);
    if (chosen.length === 0) continue;
    const started = await start({ instances, oneAtATime, profiles }, interrupted);
    try {
      await warm(started, warmUp, interrupted);
      for (const scenario of chosen) {
        const result = await runScenario(
          scenario,
          started,
          { instances, profiled: profiles !== undefined },
          ticker(scenario),
          interrupted,
        );
        results.push(result);
        console.log(`\n${text(result)}\n`);
        // After each: what is measured is not lost when a later one fails.
        if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
        if (html !== undefined) writeFileSync(html, page(results, about(begun)));
      }
    } finally {
      await started.stop();
    }
  }
  return 0;
}

/** Nothing of it is measured. */
async function warm({ system, outcomes }: Started, { load: shape, seconds }: WarmUp, signal: AbortSignal) {
  console.log(`warming up, ${seconds} s`);
  const load = new Load(system.gatewayUrl, outcomes, spread, shape);
  load.start();
  await delay(seconds * 1_000, undefined, { signal });
  await load.stop();
}

const about = (begun: Date): string =>
  `${begun.toISOString()}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}. Everything runs on this machine, the load too.`;

/** One growing line of orders a second. */
function ticker({ name, seconds, warmUpSeconds }: Scenario): (ended: number) => void {
  process.stdout.write(`${name}, ${warmUpSeconds} + ${seconds} s: `);
  return (ended) => process.stdout.write(`${ended} `);
}

/** @throws UsageError when it is not what `--json` wrote */
function read(file: string): Result[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Result[];
  } catch (error) {
    throw new UsageError(`${file} is not what --json writes: ${(error as Error).message}`);
  }
}

/** Ends the process itself: of a run that was broken off, requests and timers may be left. */
async function end(): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage()}`);
      process.exit(2);
    }
    console.error(error instanceof InterruptedError ? `broken off by ${error.message}` : error);
    process.exit(1);
  }
}

await end();
