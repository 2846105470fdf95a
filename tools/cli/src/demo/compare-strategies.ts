import { flashSale, FLASH_SALE_STRATEGIES, type Sale } from '@backstep/bench/flash-sale';
import { DatabaseUnavailableError, translate } from '@backstep/concurrency';
import { consoleReport } from '../shared/console-report.js';
import { CliError, EXIT, UnreachableError, UsageError } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interruption.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import { serverUrl } from '../shared/server-url.js';
import type { FlashSaleOptions } from './flash-sale.command.js';
import { problemsOf, salesText } from './render-sales.js';

/** PostgreSQL's `insufficient_privilege`. */
const MAY_NOT = '42501';

/** Holds the sale by each strategy, and prints what became of it. @throws CliError with exit code 1 when one has not sold what it must */
export async function compareStrategies({ stock: items, buyers, json }: FlashSaleOptions): Promise<void> {
  const url = await serverUrl();
  const signal = untilInterrupted();
  const report = consoleReport(json ? printError : print);
  const sales: Sale[] = [];
  try {
    for (const name of FLASH_SALE_STRATEGIES)
      sales.push(...(await report.step(name, () => flashSale({ url, items, buyers, signal, only: [name] }))));
  } catch (thrown) {
    throw signal.aborted
      ? new CliError('Interrupted; the database of the sale is dropped.', EXIT.failed)
      : asTold(thrown);
  }
  const problems = problemsOf(sales, items);
  if (json) printJson({ items, buyers, problems, sales });
  else print(['', salesText(sales, paint), '', ...problems].join('\n').trimEnd());
  process.exitCode = problems.length === 0 ? EXIT.ok : EXIT.failed;
}

function asTold(thrown: unknown): unknown {
  const error = translate(thrown);
  if (error instanceof DatabaseUnavailableError) {
    return new UnreachableError('PostgreSQL does not answer: is Backstep running, or DATABASE_URL right?', {
      cause: error,
    });
  }
  if ((thrown as { readonly code?: unknown }).code === MAY_NOT) {
    return new UsageError('The sale makes a database of its own: DATABASE_URL must name a login that may do so.');
  }
  return thrown;
}
