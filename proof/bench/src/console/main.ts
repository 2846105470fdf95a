import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { endWith, readWritten } from '../command.js';
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
      await writeDocument(readWritten<ConsoleReport>(options.from));
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

await endWith(() => main(process.argv.slice(3)), { usage: ' (npm run bench -- console --help)', signal });
