import { readFileSync, writeFileSync } from 'node:fs';
import { interruption, InterruptedError } from '@backstep/infrastructure';
import { UsageError } from '../option-values.js';
import { peersUsage, readPeersOptions, type PeersOptions } from './options.js';
import { conditions } from './render/document.js';
import { tables } from './render/tables.js';
import { reportText, type PeersReport } from './report.js';
import { compareSystems } from './run.js';
import { writeDocument } from './write-document.js';

/** `npm run bench -- --peers`. Exit codes: 0 measured, 1 it could not be or is worth nothing, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = readPeersOptions(args);
  switch (options.do) {
    case 'help':
      console.log(peersUsage());
      return 0;
    case 'write':
      await writeDocument(read(options.from));
      return 0;
    case 'run':
      return run(options);
  }
}

async function run({ json, write, ...options }: Extract<PeersOptions, { do: 'run' }>): Promise<number> {
  const report = await compareSystems({
    ...options,
    signal: interruption(),
    print: (line) => console.log(line),
    ...(json !== undefined && { keep: (so: PeersReport) => writeFileSync(json, reportText(so)) }),
  });
  if (json !== undefined) writeFileSync(json, reportText(report));
  console.log(`\n${conditions(report)}\n\n${tables(report)}`);
  for (const fault of report.faults) console.error(`FAULT: ${fault}`);
  const isWorthless = report.faults.length > 0 || report.cells.length === 0;
  if (write && !isWorthless) {
    if (Object.keys(report.absent).length === 0) await writeDocument(report);
    else console.error('Nothing is written: the document shows all systems.');
  }
  return isWorthless ? 1 : 0;
}

/** @throws UsageError when it is not what `--json` wrote */
function read(file: string): PeersReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PeersReport;
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
      console.error(`${error.message} (npm run bench -- --peers --help)`);
      process.exit(2);
    }
    console.error(error instanceof InterruptedError ? `broken off by ${error.message}` : error);
    process.exit(1);
  }
}

await end();
