import { writeFileSync } from 'node:fs';
import { interruption } from '@backstep/infrastructure';
import { endWith, readWritten } from '../command.js';
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
      await writeDocument(readWritten<PeersReport>(options.from));
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

await endWith(() => main(process.argv.slice(2)), { usage: ' (npm run bench -- --peers --help)' });
