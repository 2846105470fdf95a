import { ACCOUNT_METHOD, MAX_LINES } from '@backstep/contracts';
import type { Random } from '@backstep/simulation';
import { weighted, type Weighted } from '../weighted.js';
import { drawRevision, type Revision } from './revision.js';

const SKU_CHARACTERS_MAX = 64;

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units. */
  readonly price: number;
  readonly onHand: number;
}

const PLENTIFUL = ['kettle', 'toaster', 'whisk', 'ladle', 'sieve', 'grater'];
/** With a SKU as long as one may be: a hundred lines of these are 11 KB, in each message that has them. */
const BULKY = ['nail', 'screw', 'bolt'].map((name) => name.padEnd(SKU_CHARACTERS_MAX, '-of-many'));
/** The last of these are fought over, and most orders for them are refused. */
const SCARCE = ['samovar', 'tagine', 'cezve', 'chinois'];

export const PRODUCTS: readonly Product[] = [
  ...PLENTIFUL.map((sku, index) => product(sku, 10_00 + index * 3_50, 1_000_000)),
  ...BULKY.map((sku, index) => product(sku, 2 + index, 10_000_000)),
  ...SCARCE.map((sku, index) => product(sku, 80_00 + index * 45_00, 40)),
];

function product(sku: string, price: number, onHand: number): Product {
  return { sku, name: `A ${sku}`, currency: 'EUR', price, onHand };
}

export interface OrderRequest {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
  readonly shippingAddress: {
    readonly name: string;
    readonly line1: string;
    readonly city: string;
    readonly postalCode: string;
    readonly country: string;
  };
}

/** What a customer does beside ordering once. */
export type Habit = 'plain' | 'twice at once' | 'again later' | 'other body later' | 'hangs up' | 'cancels' | 'revises';

export interface Errand {
  readonly key: string;
  readonly request: OrderRequest;
  /** Sent with the same key; never to be accepted as well. */
  readonly other: OrderRequest;
  readonly habit: Habit;
  /** What one who revises the order wants of it. */
  readonly revision: Revision;
  /** After how long one who hangs up does, in ms. */
  readonly patienceMs: number;
  /** After how long one who cancels does, in ms from the answer. */
  readonly cancelAfterMs: number;
}

const CARDS: Weighted<string> = [
  ['pm_card_visa', 56],
  ['pm_card_chargeDeclined', 10],
  ['pm_card_chargeDeclinedInsufficientFunds', 6],
  ['pm_card_lostResponse', 10],
  ['pm_card_lostRefund', 6],
  ['pm_card_flaky', 10],
  ['pm_card_slow', 2],
];

const HABITS: Weighted<Habit> = [
  ['plain', 48],
  ['twice at once', 10],
  ['again later', 10],
  ['other body later', 6],
  ['hangs up', 10],
  ['cancels', 8],
  ['revises', 8],
];

/** How often an order is paid from an account, where some are open. */
const FROM_ACCOUNT_CHANCE = 0.1;
const SCARCE_CHANCE = 0.12;
/** Orders of as many lines as may be: what piles up while Kafka is away is then more than it takes in one batch. */
const LARGE_CHANCE = 0.06;
const REFUSED_COUNTRY = 'AQ';
const REFUSED_COUNTRY_CHANCE = 0.07;
/** The order service answers in some ms: some hang up before it has begun, some after it is done. */
const PATIENCE_MAX_MS = 40;
/** Some orders are still being placed then, some are confirmed. */
const CANCEL_WITHIN_MS = 600;

/**
 * The next customer. The same generator in the same state, the same customer.
 * @param accounts the ids of accounts that orders may be paid from
 */
export function drawErrand(random: Random, accounts: readonly string[] = []): Errand {
  const request = drawRequest(random, accounts);
  const [first] = request.items;
  const other = { ...request, items: [{ sku: first?.sku ?? '', quantity: (first?.quantity ?? 0) + 1 }] };
  return {
    key: random.uuid(),
    request,
    other,
    habit: weighted(random, HABITS),
    patienceMs: random.between(1, PATIENCE_MAX_MS),
    cancelAfterMs: random.below(CANCEL_WITHIN_MS),
    revision: drawRevision(random, first?.sku ?? '', [...PLENTIFUL, ...SCARCE], REFUSED_COUNTRY),
  };
}

export function drawRequest(random: Random, accounts: readonly string[]): OrderRequest {
  const large = random.chance(LARGE_CHANCE);
  const pickSku = (): string => {
    if (large) return random.pick(BULKY);
    return random.chance(SCARCE_CHANCE) ? random.pick(SCARCE) : random.pick(PLENTIFUL);
  };
  const lines = large ? MAX_LINES : random.between(1, 3);
  const items = Array.from({ length: lines }, () => ({ sku: pickSku(), quantity: random.between(1, 3) }));
  const card = weighted(random, CARDS);
  const fromAccount = accounts.length > 0 && random.chance(FROM_ACCOUNT_CHANCE);
  return {
    items,
    paymentMethod: fromAccount ? `account:${random.pick(accounts)}` : card,
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: '12 Unter den Linden',
      city: 'Berlin',
      postalCode: '10117',
      country: random.chance(REFUSED_COUNTRY_CHANCE) ? REFUSED_COUNTRY : 'DE',
    },
  };
}

/** The account that an order is to be paid from; undefined: a card. */
export const accountOf = ({ paymentMethod }: Pick<OrderRequest, 'paymentMethod'>): string | undefined =>
  ACCOUNT_METHOD.exec(paymentMethod)?.[1];

/** How such an order may end: `CONFIRMED`, or the code it is rejected with. What is silent too long times out, whatever the order. */
export function endsOf({ items, paymentMethod, shippingAddress }: OrderRequest): ReadonlySet<string> {
  const ends = new Set(['timed_out']);
  if (items.some(({ sku }) => SCARCE.includes(sku))) ends.add('out_of_stock');
  if (paymentMethod.startsWith('pm_card_chargeDeclined')) return ends.add('payment_declined');
  // An account covers it or not, by all that others take from it.
  if (accountOf({ paymentMethod }) !== undefined) ends.add('payment_declined');
  return ends.add(shippingAddress.country === REFUSED_COUNTRY ? 'shipment_refused' : 'CONFIRMED');
}
