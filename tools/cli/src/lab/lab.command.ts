import { LABS, type LabName } from '@backstep/labs/catalogue';
import type { Command } from 'commander';
import { choiceArgument } from '../shared/arguments.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { wrapToScreen } from '../shared/screen.js';

export interface LabCommandOptions {
  readonly json?: true;
  readonly withoutProtection?: true;
}

const NAME_COLUMNS = 14;

/** `backstep lab [name]`: a race on the real PostgreSQL, without a protection and with it. */
export function lab(program: Command): void {
  const command = program
    .command('lab')
    .description(
      'show a race on the real PostgreSQL, without its protection and with it; without a name, list the labs',
    )
    .addArgument(
      choiceArgument(
        '[name]',
        'which one',
        LABS.map(({ name }) => name),
      ),
    )
    .option('--without-protection', 'only the side without the protection, which ends with the loss')
    .option('--json', 'print JSON, for programs')
    .action(async (name: LabName | undefined, options: LabCommandOptions) => {
      if (name !== undefined) return (await import('./show-lab.js')).showLab(name, options);
      if (options.withoutProtection) throw new UsageError('--without-protection needs the name of a lab');
      if (options.json) printJson({ items: LABS });
      else print(listOf());
    });
  teach(
    command,
    [
      'lab',
      'lab lost-update',
      'lab write-skew --without-protection',
      "lab isolation --json | jq '.scenes[].anomalies'",
    ],
    [[EXIT.failed, 'the sessions did not interleave, or the outcome was another: nothing is shown then']],
  ).addHelpText(
    'after',
    `
It runs on the PostgreSQL that DATABASE_URL names, with a login that may create databases, or else on that of
the running system; in a database of its own, which is dropped afterwards. docs/concurrency has a page for each.`,
  );
}

const listOf = (): string =>
  LABS.map(({ name, about }) =>
    wrapToScreen(`${paint('bold', name)}${' '.repeat(NAME_COLUMNS - name.length)}${about}`, NAME_COLUMNS),
  ).join('\n');
