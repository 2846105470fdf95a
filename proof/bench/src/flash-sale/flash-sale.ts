import { percentilesOf } from '../measure/percentiles.js';
import { strategies, type StrategyName } from '../strategies/catalogue.js';
import { inOwnDatabase } from '../strategies/own-database.js';
import { Sessions } from '../strategies/sessions.js';
import { fill } from '../strategies/stock.js';
import { Tally, type Strategy } from '../strategies/strategy.js';

export interface FlashSaleOptions {
  /** A PostgreSQL, and a login that may create databases. */
  readonly url: string;
  readonly items: number;
  /** They all come when the sale opens. */
  readonly buyers: number;
  readonly signal: AbortSignal;
  /** For specs. */
  readonly all?: Readonly<Record<string, Strategy>>;
  readonly only?: readonly string[];
}

/** What became of one sale. */
export interface Sale {
  readonly strategy: string;
  readonly about: string;
  /** Buyers who were told that they have one. */
  readonly sold: number;
  /** Buyers who were told that nothing is left. */
  readonly soldOut: number;
  /** In the row, afterwards. */
  readonly left: number;
  /** Until the last buyer has an answer. */
  readonly seconds: number;
  /** From the opening of the sale to the answer, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly conflicts: number;
  /** It checks nothing, and is there to show what comes of that. */
  readonly isUnsafe: boolean;
  /** As many were sold as there were, each once, and everybody else was told. */
  readonly isRight: boolean;
}

export const FLASH_SALE_STRATEGIES: readonly StrategyName[] = [
  'none',
  'optimistic',
  'locked',
  'serializable',
  'delta',
  'batch-2',
];

/** So many buyers of plain SQL are served at a time; the kit takes all who come, and decides them in batches. */
const SESSIONS_MAX = 64;
const SKU = '0';
/** Not shown: until V8 has compiled what is hot, this share of the buyers. */
const REHEARSAL = 0.04;

/** One item, or several, and very many buyers at once: the same sale by each strategy, in a database of its own that is dropped afterwards. */
export async function flashSale(options: FlashSaleOptions): Promise<readonly Sale[]> {
  const { url, items, buyers, signal, only = FLASH_SALE_STRATEGIES } = options;
  const all: Readonly<Record<string, Strategy>> = options.all ?? (await strategies());
  return inOwnDatabase(url, 'backstep_sale', async (own) => {
    const sessions = await Sessions.open(own, Math.min(SESSIONS_MAX, buyers));
    try {
      const sales: Sale[] = [];
      for (const name of only) {
        const strategy = all[name];
        if (!strategy) throw new Error(`there is no strategy ${name}`);
        await sell(name, strategy, sessions, items, Math.ceil(REHEARSAL * buyers), signal);
        sales.push(await sell(name, strategy, sessions, items, buyers, signal));
      }
      return sales;
    } finally {
      await sessions.close();
    }
  });
}

async function sell(
  name: string,
  strategy: Strategy,
  sessions: Sessions,
  items: number,
  buyers: number,
  signal: AbortSignal,
): Promise<Sale> {
  const { admin, clients, pools } = sessions;
  await fill(admin, strategy.counts);
  await admin.query('UPDATE stock SET on_hand = $1, version = version + 1 WHERE sku = $2', [items, SKU]);
  const tally = new Tally();
  const writers = strategy.begin({ sessions: clients, pools, tally, work: () => undefined });
  const latencies: number[] = [];
  let [sold, next] = [0, 0];
  const opened = performance.now();
  const serve = async (client: number): Promise<void> => {
    while (next < buyers && !signal.aborted) {
      next++;
      if (await writers.take(client, SKU)) sold++;
      latencies.push(performance.now() - opened);
    }
  };
  try {
    await allOf(Array.from({ length: strategy.inProcess ? buyers : clients.length }, (_, client) => serve(client)));
  } finally {
    await writers.end?.();
  }
  signal.throwIfAborted();
  const seconds = (performance.now() - opened) / 1_000;
  const { rows } = await admin.query<{ on_hand: number }>('SELECT on_hand FROM stock WHERE sku = $1', [SKU]);
  const left = rows[0]?.on_hand ?? NaN;
  const soldOut = latencies.length - sold;
  const { p50, p99 } = percentilesOf(latencies);
  const mustSell = Math.min(items, buyers);
  return {
    strategy: name,
    about: strategy.about,
    sold,
    soldOut,
    left,
    seconds,
    p50,
    p99,
    conflicts: tally.conflicts,
    isUnsafe: strategy.unsafe === true,
    isRight: sold === mustSell && soldOut === buyers - mustSell && left === items - mustSell,
  };
}

/** As Promise.all, but waits for the others before it throws: their sessions are used again. */
async function allOf(buyers: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(buyers)).find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
}
