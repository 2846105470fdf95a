import type { FAILURE_CODES } from '@backstep/contracts';
import type { Order } from '../shared/representations.js';
import { sampleAddress } from '../shared/sample-address.js';
import { SCARCE } from './products.js';

/** What `POST /v1/orders` takes. */
export interface NewOrder {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
  readonly shippingAddress: Order['shippingAddress'];
}

/** How an order ends: the code says why it was rejected. */
export interface End {
  readonly status: string;
  readonly code?: string;
}

/** A sample order, with the end that it must have. */
export interface Sample {
  readonly title: string;
  readonly order: NewOrder;
  /** The only right end, whatever fails meanwhile. */
  readonly mustEnd: End;
}

interface Wish {
  readonly sku: string;
  readonly quantity?: number;
  readonly card?: string;
  readonly country?: string;
}

const CONFIRMED: End = { status: 'CONFIRMED' };
const rejected = (code: (typeof FAILURE_CODES)[number]): End => ({ status: 'REJECTED', code });

const sample = (
  title: string,
  mustEnd: End,
  { sku, quantity = 1, card = 'pm_card_visa', country = 'DE' }: Wish,
): Sample => ({
  title,
  mustEnd,
  order: { items: [{ sku, quantity }], paymentMethod: card, shippingAddress: sampleAddress(country) },
});

export const SAMPLES: readonly Sample[] = [
  sample('an ordinary order', CONFIRMED, { sku: 'teapot' }),
  sample('more than there is in stock', rejected('out_of_stock'), { sku: SCARCE, quantity: 100 }),
  sample('the card is declined', rejected('payment_declined'), { sku: 'headphones', card: 'pm_card_chargeDeclined' }),
  sample('the carrier refuses, after the charge', rejected('shipment_refused'), {
    sku: 'desk-lamp',
    quantity: 2,
    country: 'AQ',
  }),
  sample("the provider's answer is lost", CONFIRMED, { sku: 'backpack', card: 'pm_card_lostResponse' }),
];

/** What became of a sample. */
export interface Outcome {
  readonly title: string;
  readonly mustEnd: End;
  readonly order: Order;
  /** From the request to the end, in ms. */
  readonly tookMs: number;
}

/** A sentence that says how a sample ended wrongly; undefined when it ended as it must. */
export function differenceOf({ mustEnd, order }: Outcome): string | undefined {
  const { id, status, failure } = order;
  if (status === mustEnd.status && failure?.code === mustEnd.code) return undefined;
  const ended = textOf(failure ? { status, code: failure.code } : { status });
  return `order ${id} ended ${ended}, and must end ${textOf(mustEnd)}`;
}

const textOf = ({ status, code }: End): string => (code === undefined ? status : `${status} (${code})`);
