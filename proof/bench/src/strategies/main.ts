import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { endWith, readWritten } from '../command.js';
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
      await writeDocuments(readWritten<StrategiesReport>(options.from));
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

await endWith(() => main(process.argv.slice(3)), { usage: ' (npm run bench -- strategies --help)' });
