import { DATABASES } from '@backstep/infrastructure';
import type { LoadShape } from './load/load.js';
import { hot, mix, spread, zipf, type Orders } from './load/orders.js';

/** Orders arrive at a multiple of the rate that the system can just do. */
export interface ShareOfSaturation {
  readonly kind: 'share';
  readonly ofSaturation: number;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly orders: Orders;
  readonly load: LoadShape | ShareOfSaturation | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Of a system whose services write a message a transaction, row by row through the ORM. */
  readonly oneAtATime?: boolean;
  /** Processes that leave and come back meanwhile, one after the other: second instances. */
  readonly restarts?: readonly string[];
}

export interface WarmUp {
  readonly load: LoadShape;
  readonly seconds: number;
}

const closed = (clients: number): LoadShape => ({ kind: 'closed', clients });
const open = (perSecond: number): LoadShape => ({ kind: 'open', perSecond });
const share = (ofSaturation: number): ShareOfSaturation => ({ kind: 'share', ofSaturation });

/** Enough that every part has something to do at any moment. */
const SATURATING_CLIENTS = 512;
/** Where one message a transaction does its best: 8, 32 and 128 clients get 15, 11 and 14 orders a second, and only wait longer. */
const SINGLE_CLIENTS = 8;
/** What this measures is what the system can just do: `soak` and `beyond` are shares and multiples of it. */
export const SATURATION = 'spread';
/** Not a load: the start of everything. */
export const START = { name: 'start', what: 'npm start, of what ran before: until the first order has ended' } as const;

const WARM_UP_SECONDS = 5;
const SECONDS = 20;
const MINUTE = 60;

const scenario = (
  name: string,
  what: string,
  load: Scenario['load'],
  orders: Orders = spread,
  seconds = SECONDS,
): Scenario => ({ name, what, orders, load, warmUpSeconds: WARM_UP_SECONDS, seconds });

export const SCENARIOS: readonly Scenario[] = [
  scenario('idle', 'nothing to do', undefined),
  scenario('alone', 'one order at a time', closed(1)),
  scenario('16-in-flight', '16 clients, an order at a time each', closed(16)),
  scenario('64-in-flight', '64 clients', closed(64)),
  ...[100, 250, 500, 800].map((rate) => scenario(`${rate}-a-second`, `${rate} orders arrive a second`, open(rate))),
  scenario(SATURATION, `${SATURATING_CLIENTS} clients, over all products`, closed(SATURATING_CLIENTS)),
  scenario('hot', 'the same, all want one product', closed(SATURATING_CLIENTS), hot),
  scenario('zipf', 'the same, few products are wanted by many', closed(SATURATING_CLIENTS), zipf),
  scenario('mix', 'the same, one in ten sold out, declined, not shipped each', closed(SATURATING_CLIENTS), mix),
  {
    ...scenario(
      'single',
      `a message a transaction and rows by TypeORM’s save(), ${SINGLE_CLIENTS} clients`,
      closed(SINGLE_CLIENTS),
    ),
    oneAtATime: true,
  },
  {
    ...scenario(
      'rolling',
      'with --instances 2: 50 orders arrive a second while the second instance of each service leaves and comes back',
      open(50),
      spread,
      MINUTE,
    ),
    restarts: DATABASES.map(({ process }) => `${process}-2`),
  },
  scenario('beyond', 'twice the rate it can do, for a minute', share(2), spread, MINUTE),
  scenario('soak', '70 % of the rate it can do, for 20 minutes', share(0.7), spread, 20 * MINUTE),
];

/** Too long, or not a figure of its own: these are named to be run. */
export const NOT_QUICK: ReadonlySet<string> = new Set(['rolling', 'beyond', 'soak']);
/**
 * Load on a fresh system before the first scenario. Until V8 has compiled what is hot, and the databases have grown out of their
 * first pages, it is another system.
 */
export const SYSTEM_WARM_UP: WarmUp = { load: closed(128), seconds: 45 };
/** `--quick` measures so long. */
export const QUICK = { warmUpSeconds: 1, seconds: 4 } as const;
export const QUICK_SYSTEM_WARM_UP: WarmUp = { ...SYSTEM_WARM_UP, seconds: 15 };
/** For the scenarios of `--quick`: under two minutes with the start of the system. */
export const QUICK_NAMES = ['alone', '64-in-flight', '100-a-second', '500-a-second', 'spread', 'hot', 'mix'] as const;
