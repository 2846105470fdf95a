import { percentilesOf } from '@backstep/bench/percentiles';
import { pidsOf } from '@backstep/infrastructure';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from '../shared/api.js';
import { consoleReport } from '../shared/console-report.js';
import { CliError, EXIT, UsageError } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interruption.js';
import { print, printError, printJson } from '../shared/output.js';
import type { Contention, Product } from '../shared/representations.js';
import { gatewayOf, whatRunsBehind } from '../shared/where.js';
import { insist, isAway } from './insist.js';
import type { FlashSaleOptions } from './flash-sale.command.js';
import { SALE_HEAD, saleLine, saleProblems, takenText } from './render-sale.js';
import { Sale } from './sale.js';

/** A process that was killed is started again. */
const BACK_WITHIN_MS = 60_000;
const LINE_EVERY_MS = 1_000;
/** The process is killed when so many buyers of all have been told. */
const KILL_AFTER_SHARE = 1 / 3;

/** Holds a sale through the gateway, and prints how it goes. @throws CliError with exit code 1 when it goes wrong */
export async function holdSale(options: FlashSaleOptions): Promise<void> {
  const { buyers, stock, json } = options;
  const api = new Api(await gatewayOf(options));
  const victim = options.kill && (await inventoryProcess(options));
  const signal = untilInterrupted();
  const tell = json ? printError : print;
  const sale = new Sale({ api, buyers, stock, signal });
  await consoleReport(tell).step(`${sale.sku} can be ordered at ${api.gateway}`, () => sale.prepare());
  tell(`\n${SALE_HEAD}`);
  const opened = performance.now();
  const seconds = (): number => (performance.now() - opened) / 1_000;
  const over = new AbortController();
  const tellNow = async (): Promise<string> => {
    const taken = await takenNow(api, sale.sku);
    tell(saleLine(seconds(), sale.count, taken));
    return taken;
  };
  const [, killed] = await Promise.all([
    sale.hold().finally(() => over.abort()),
    victim ? kill(victim, sale, buyers, over.signal, tell) : false,
    watch(tellNow, over.signal),
  ]).catch((error: unknown) => {
    throw signal.aborted ? interrupted() : error;
  });
  if (signal.aborted) throw interrupted();
  const allToldAfter = seconds();
  const taken = await tellNow();
  const { latencies, ...told } = sale.count;
  const { available } = await insist({ withinMs: BACK_WITHIN_MS, mayChange: isAway, signal }, () =>
    api.get<Product>(`/v1/products/${sale.sku}`),
  );
  const problems = saleProblems(sale.count, { buyers, stock, available });
  if (victim && !killed) problems.push('The sale was over before anything was killed: take more buyers.');
  if (json) {
    const { p50, p99 } = percentilesOf(latencies);
    const measured = { seconds: allToldAfter, p50: Math.round(p50), p99: Math.round(p99) };
    printJson({ sku: sale.sku, buyers, stock, ...told, ...measured, taken, killed, problems });
  } else print(['', ...(problems.length > 0 ? problems : [rightText(sale.count.sold, buyers, killed)])].join('\n'));
  process.exitCode = problems.length === 0 ? EXIT.ok : EXIT.failed;
}

const interrupted = (): CliError => new CliError('Interrupted: buyers were left standing.', EXIT.failed);

const rightText = (sold: number, buyers: number, killed: boolean): string =>
  `${sold.toLocaleString('en')} sold, as many as there were, and each of ${buyers.toLocaleString('en')} buyers was told${killed ? ', although a process was killed' : ''}.`;

/** The last process here in which the inventory service runs. @throws UsageError where none is known, as in containers; UnreachableError */
async function inventoryProcess(options: FlashSaleOptions): Promise<number> {
  const { processes } = await whatRunsBehind(options);
  const pid = pidsOf(processes, 'inventory').at(-1);
  if (pid === undefined)
    throw new UsageError(
      '--kill needs a system that `npm start` runs here: no process of the inventory service is known.',
    );
  return pid;
}

/** @returns whether it came to that before the sale was over */
async function kill(
  pid: number,
  sale: Sale,
  buyers: number,
  over: AbortSignal,
  tell: (text: string) => void,
): Promise<boolean> {
  while (sale.count.latencies.length < buyers * KILL_AFTER_SHARE) {
    if (over.aborted) return false;
    await delay(10);
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
    return false;
  }
  tell(`            kill -9 ${pid} (inventory)`);
  return true;
}

async function watch(look: () => Promise<unknown>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await delay(LINE_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (!over.aborted) await look();
  }
}

/** While a service is killed, its contention may not be known. */
async function takenNow(api: Api, sku: string): Promise<string> {
  try {
    return takenText(await api.get<Contention>('/v1/contention'), sku);
  } catch {
    return 'not known: the gateway does not tell';
  }
}
