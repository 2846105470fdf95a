import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interruption } from '@backstep/infrastructure';
import { killBrokers, type Death } from './brokers/kill-brokers.js';
import { endWith, readWritten } from './command.js';
import { Load, type LoadShape } from './load/load.js';
import { spread } from './load/orders.js';
import { npmStart } from './measure/npm-start.js';
import { runScenario } from './measure/run-scenario.js';
import { readOptions, usage, type BenchOptions } from './options.js';
import { compare } from './render/compare.js';
import { goals } from './render/goals.js';
import { text } from './render/text.js';
import { resultsOf, written, type Measurement, type Result } from './result.js';
import { SATURATION, type Scenario, type WarmUp } from './scenarios.js';
import { start, type Started } from './system/start.js';

/** `npm run bench`. Exit codes: 0 measured, 1 it could not be, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  switch (options.do) {
    case 'help':
      console.log(usage());
      return 0;
    case 'goals':
      console.log(goals(readWritten(options.file)));
      return 0;
    case 'compare':
      console.log(compare(resultsOf(readWritten(options.before)), resultsOf(readWritten(options.after))));
      return 0;
    case 'kill-brokers':
      for (const death of options.deaths) await killAll(death, options.rate);
      return 0;
    case 'run':
      return run(options);
  }
}

const KILL_WARM_UP_MS = 20_000;
const KILL_LOAD_MS = 10_000;

async function killAll(death: Death, rate: number): Promise<void> {
  console.log(`three brokers, ${rate} orders a second; a dead one is ${death}`);
  const print = (line: string): void => console.log(line);
  await killBrokers({ death, rate, warmUpMs: KILL_WARM_UP_MS, loadMs: KILL_LOAD_MS, print }, interruption());
}

async function run({
  scenarios,
  start: startToo,
  saturation,
  warmUp,
  instances,
  together,
  json,
  series,
  profile,
}: Extract<BenchOptions, { do: 'run' }>): Promise<number> {
  const interrupted = interruption();
  const results: Measurement[] = [];
  const profiles = folder(profile);
  const seriesFolder = folder(series);
  const keep = (measured: Measurement, told: string): void => {
    results.push(measured);
    console.log(`\n${told}\n`);
    // After each: what is measured is not lost when a later one fails.
    if (json !== undefined) writeFileSync(json, written(results));
  };
  for (const oneAtATime of [false, true]) {
    const chosen = scenarios.filter((scenario) => (scenario.oneAtATime ?? false) === oneAtATime);
    if (chosen.length === 0) continue;
    const started = await start(
      { instances, hosts: together ? instances : undefined, oneAtATime, profiles },
      interrupted,
    );
    try {
      await warm(started, warmUp, interrupted);
      for (const scenario of chosen) {
        const { result, series: seconds } = await runScenario(
          scenario,
          loadOf(scenario, saturation ?? saturated(resultsOf(results))?.endedPerSecond ?? NaN),
          started,
          { instances, profiled: profiles !== undefined },
          ticker(scenario),
          interrupted,
        );
        keep(result, text(result));
        if (seriesFolder !== undefined) writeFileSync(join(seriesFolder, `${scenario.name}.json`), written(seconds));
      }
    } finally {
      await started.stop();
    }
  }
  if (startToo) {
    const measured = await npmStart(interrupted);
    keep(measured, `npm start  first order ended after ${measured.firstOrderSeconds.toFixed(1)} s`);
  }
  return 0;
}

/** The absolute path of a folder that is there from now on; undefined when none was named. */
function folder(named: string | undefined): string | undefined {
  if (named === undefined) return undefined;
  mkdirSync(named, { recursive: true });
  return resolve(named);
}

const saturated = (results: readonly Result[]): Result | undefined =>
  results.find(({ scenario }) => scenario === SATURATION);

const loadOf = ({ load }: Scenario, saturation: number): LoadShape | undefined =>
  load?.kind === 'share' ? { kind: 'open', perSecond: Math.round(load.ofSaturation * saturation) } : load;

/** Nothing of it is measured. */
async function warm({ gatewayUrls, outcomes }: Started, { load: shape, seconds }: WarmUp, signal: AbortSignal) {
  console.log(`warming up, ${seconds} s`);
  const load = new Load(gatewayUrls, outcomes, spread, shape);
  load.start();
  await delay(seconds * 1_000, undefined, { signal });
  await load.stop();
}

/** One growing line of orders a second. */
function ticker({ name, seconds, warmUpSeconds }: Scenario): (ended: number) => void {
  process.stdout.write(`${name}, ${warmUpSeconds} + ${seconds} s: `);
  return (ended) => process.stdout.write(`${ended} `);
}

await endWith(() => main(process.argv.slice(2)), { usage: `\n\n${usage()}` });
