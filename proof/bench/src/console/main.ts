import { readFileSync, writeFileSync } from 'node:fs';
import { interruption, InterruptedError } from '@backstep/infrastructure';
import { UsageError } from '../option-values.js';
import { writeDocument } from './document.js';
import { consoleUsage, readConsoleOptions, type ConsoleOptions } from './options.js';
import { reportDocument, reportText, type ConsoleReport } from './report.js';
import { measureConsole } from './run.js';

const signal = interruption();

/** `npm run bench -- console`. Exit codes: 0 measured, 1 it could not be, 2 wrong options. */
async function main(args: readonly string[]): Promise<number> {
  const options = readConsoleOptions(args);
  switch (options.do) {
    case 'help':
      console.log(consoleUsage());
      return 0;
    case 'write':
      await writeDocument(read(options.from));
      return 0;
    case 'run':
      return run(options);
  }
}

async function run({ json, write, ...options }: Extract<ConsoleOptions, { do: 'run' }>): Promise<number> {
  const report = await measureConsole({ ...options, signal, print: (line) => console.log(line) });
  if (json !== undefined) writeFileSync(json, reportText(report));
  console.log(`\n${reportDocument(report)}`);
  if (write) {
    if (report.browser !== null) await writeDocument(report);
    else console.error('Nothing is written: the document shows what a browser does too.');
  }
  return 0;
}

/** @throws UsageError when it is not what `--json` wrote */
function read(file: string): ConsoleReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ConsoleReport;
  } catch (error) {
    throw new UsageError(`${file} is not what --json writes: ${(error as Error).message}`);
  }
}

/** Ends the process itself: of a run that was broken off, requests and timers may be left. */
async function end(): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(3)));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message} (npm run bench -- console --help)`);
      process.exit(2);
    }
    // What was under way fails with whatever the browser or a connection says when it is closed.
    const reason: unknown = signal.aborted ? signal.reason : error;
    console.error(reason instanceof InterruptedError ? `broken off by ${reason.message}` : reason);
    process.exit(1);
  }
}

await end();
