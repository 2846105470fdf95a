import type { Random } from '@backstep/simulation';

/** Products of the bench: more than enough of each, but for one of which there is nothing. */
export const PRODUCTS = 200;
export const skuOf = (number: number): string => `bench-${number}`;
export const SOLD_OUT = 'bench-sold-out';
/** Of each product, in minor units of {@link CURRENCY}. */
export const PRICE = 10_00;
export const CURRENCY = 'EUR';
/** In stock, of each but the one that is sold out. */
export const PLENTY = 1_000_000_000;

/** As much of {@link Random} as orders are drawn with. */
export type Dice = Pick<Random, 'next'>;

interface Order {
  readonly sku: string;
  readonly paymentMethod?: string;
  readonly country?: string;
}

const bodyOf = ({ sku, paymentMethod = 'pm_card_visa', country = 'DE' }: Order): string =>
  JSON.stringify({
    items: [{ sku, quantity: 1 }],
    paymentMethod,
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: '12 Unter den Linden',
      city: 'Berlin',
      postalCode: '10117',
      country,
    },
  });

/** Draws the body of the next order. */
export type Orders = (random: Dice) => string;

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const bodies = once(() => Array.from({ length: PRODUCTS }, (_, number) => bodyOf({ sku: skuOf(number) })));

/** Each product as likely as any other. */
export const spread: Orders = (random) => bodies()[Math.floor(random.next() * PRODUCTS)] as string;

/** All want one. */
export const hot: Orders = () => bodies()[0] as string;

/** The n-th product is wanted 1/n as often as the first (George Zipf, 1949). */
export const zipf: Orders = (random) => {
  const sums = zipfSums();
  const dice = random.next() * (sums.at(-1) as number);
  return bodies()[sums.findIndex((sum) => dice < sum)] as string;
};

const zipfSums = once(() => {
  let sum = 0;
  return Array.from({ length: PRODUCTS }, (_, index) => (sum += 1 / (index + 1)));
});

/** One in ten is sold out, one in ten has a card that is declined, one in ten is not shipped: that one is compensated the farthest. */
export const mix: Orders = (random) => {
  const dice = random.next();
  if (dice < 0.1) return bodyOf({ sku: SOLD_OUT });
  const sku = skuOf(Math.floor(random.next() * PRODUCTS));
  if (dice < 0.2) return bodyOf({ sku, paymentMethod: 'pm_card_chargeDeclined' });
  if (dice < 0.3) return bodyOf({ sku, country: 'AQ' });
  return bodyOf({ sku });
};
