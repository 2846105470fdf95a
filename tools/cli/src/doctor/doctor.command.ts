import type { Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { whatRuns } from '../shared/where.js';
import { diagnose } from './diagnose.js';
import { INVARIANTS } from '@backstep/doctor';
import { reportText } from './render-report.js';

interface DoctorOptions {
  readonly json?: true;
  readonly settle: number;
  readonly orders: number;
}

/** `backstep doctor`: checks the live system against the invariants of its design. */
export function doctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check the invariants across the five databases, the payment provider and Kafka')
    .option('--json', 'print JSON, for programs')
    .option('--settle <seconds>', 'wait this long for what is in flight', wholeNumber(0, 3_600), 10)
    .option('--orders <count>', 'examine the newest of them', wholeNumber(1, 1_000_000), 100_000)
    .action(async ({ json, settle, orders }: DoctorOptions) => {
      const environment = await whatRuns();
      const found = await diagnose(environment, { settleMs: settle * 1_000, ordersMax: orders });
      if (json) printJson(found);
      else print(reportText(found, paint));
      process.exitCode = found.clean ? EXIT.ok : EXIT.failed;
    });
  teach(
    command,
    ['doctor', 'doctor --settle 60 --json | jq .inFlight'],
    [[EXIT.failed, 'an invariant is violated; each violation is named with its ids and what to do']],
  ).addHelpText(
    'after',
    `\nInvariants:\n${INVARIANTS.map(({ id, title }) => `  ${id.padEnd(4)} ${title}`).join('\n')}`,
  );
}
