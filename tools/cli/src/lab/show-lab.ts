import { DatabaseUnavailableError, translate } from '@backstep/concurrency';
import { NotShownError, render, runLab } from '@backstep/labs';
import type { LabName } from '@backstep/labs/catalogue';
import { CliError, EXIT, UnreachableError, UsageError } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interruption.js';
import { print, printJson } from '../shared/output.js';
import { screenColumns } from '../shared/screen.js';
import { serverUrl } from '../shared/server-url.js';
import type { LabCommandOptions } from './lab.command.js';

/** PostgreSQL's `insufficient_privilege`. */
const MAY_NOT = '42501';

/** Runs a lab and prints what happened. @throws CliError: with exit code 1 when the lab has shown nothing, 3 when there is no PostgreSQL */
export async function showLab(name: LabName, { json, withoutProtection }: LabCommandOptions): Promise<void> {
  const url = await serverUrl();
  const signal = untilInterrupted();
  try {
    const report = await runLab(name, { url, withProtection: !withoutProtection, signal });
    if (json) printJson(report);
    else print(render(report, screenColumns()));
  } catch (error) {
    throw signal.aborted
      ? new CliError('Interrupted; the database of the lab is dropped.', EXIT.failed)
      : asTold(error);
  }
}

function asTold(thrown: unknown): unknown {
  if (thrown instanceof NotShownError) {
    return new CliError(`The lab has not shown what it is for. ${thrown.message}`, EXIT.failed, { cause: thrown });
  }
  const error = translate(thrown);
  if (error instanceof DatabaseUnavailableError) {
    return new UnreachableError('PostgreSQL does not answer: is Backstep running, or DATABASE_URL right?', {
      cause: error,
    });
  }
  if ((thrown as { readonly code?: unknown }).code === MAY_NOT) {
    return new UsageError(
      'A lab makes a database of its own: DATABASE_URL must name a login that may create databases.',
    );
  }
  return thrown;
}
