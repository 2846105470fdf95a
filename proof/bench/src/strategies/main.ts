import { readFileSync, writeFileSync } from 'node:fs';
import { interruption, InterruptedError } from '@backstep/infrastructure';
import { UsageError } from '../option-values.js';
import { onOwnPostgres } from '../own-postgres.js';
import { strategies } from './catalogue.js';
import { readStrategiesOptions, strategiesUsage, type StrategiesOptions } from './options.js';
import type { StrategiesReport } from './report.js';
import { runStrategies } from './run.js';
import { summary } from './render/summary.js';
import { writeDocuments } from './write-documents.js';

/** `npm run bench -- strategies`. Exit codes: 0 measured, 1 it could not be or is worth nothing, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = readStrategiesOptions(args);
  switch (options.do) {
    case 'help':
      console.log(strategiesUsage());
      return 0;
    case 'write':
      await writeDocuments(read(options.from));
      return 0;
    case 'run':
      return run(options);
  }
}

async function run(options: Extract<StrategiesOptions, { do: 'run' }>): Promise<number> {
  const report = await onOwnPostgres(async (url) =>
    runStrategies({
      ...options,
      url,
      all: await strategies(),
      signal: interruption(),
      print: (line) => console.log(line),
    }),
  );
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report)}\n`);
  console.log(`\n${summary(report)}`);
  if (report.faults.length > 0) return 1;
  if (options.write) await writeDocuments(report);
  return 0;
}

/** @throws UsageError when it is not what `--json` wrote */
function read(file: string): StrategiesReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StrategiesReport;
  } catch (error) {
    throw new UsageError(`${file} is not what --json writes: ${(error as Error).message}`);
  }
}

/** Ends the process itself: of a run that was broken off, timers may be left. */
async function end(): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(3)));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message} (npm run bench -- strategies --help)`);
      process.exit(2);
    }
    console.error(error instanceof InterruptedError ? `broken off by ${error.message}` : error);
    process.exit(1);
  }
}

await end();
