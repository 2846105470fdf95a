import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError, type GatewayClient, type NewOrder, type OrderView } from './gateway-client.js';
import { SCARCE } from './products.js';

/** An order placed to show what becomes of it. */
export interface Sample {
  readonly title: string;
  readonly order: NewOrder;
}

export interface Outcome {
  readonly title: string;
  readonly order: OrderView;
  /** From the request to the end, in ms. */
  readonly tookMs: number;
}

const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 Unter den Linden',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
};

const sample = (
  title: string,
  paymentMethod: string,
  sku: string,
  quantity = 1,
  country = ADDRESS.country,
): Sample => ({
  title,
  order: { items: [{ sku, quantity }], paymentMethod, shippingAddress: { ...ADDRESS, country } },
});

export const SAMPLES: readonly Sample[] = [
  sample('an ordinary order', 'pm_card_visa', 'teapot'),
  sample('more than there is in stock', 'pm_card_visa', SCARCE, 100),
  sample('the card is declined', 'pm_card_chargeDeclined', 'headphones'),
  sample('the carrier refuses, after the charge', 'pm_card_visa', 'desk-lamp', 2, 'AQ'),
  sample("the provider's answer is lost", 'pm_card_lostResponse', 'backpack'),
];

/** These are on their way to somewhere else. */
const IN_PROGRESS: ReadonlySet<string> = new Set(['PENDING', 'REVISING', 'CANCELLING']);

const TAKEN_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Places one and waits for its end.
 * @throws Error when it is not taken, or has not ended, in time; carries the gateway's last answer.
 */
export async function play({ title, order }: Sample, gateway: GatewayClient, signal: AbortSignal): Promise<Outcome> {
  const placed = await insist(TAKEN_WITHIN_MS, mayBeTakenLater, signal, async () => {
    const since = Date.now();
    return { order: await gateway.placeOrder(order), since };
  });
  const ended = await insist(ENDS_WITHIN_MS, mayEndLater, signal, async () => {
    const now = await gateway.order(placed.order.id);
    if (IN_PROGRESS.has(now.status)) throw new StillInProgressError(now);
    return now;
  });
  return { title, order: ended, tookMs: Date.now() - placed.since };
}

class StillInProgressError extends Error {
  override readonly name = 'StillInProgressError';
  constructor(order: OrderView) {
    super(`order ${order.id} is still ${order.status}`);
  }
}

const unavailable = (error: unknown): boolean => error instanceof GatewayError && error.status === 503;
/** The order service learns products from events: right after seeding it may not know one yet, and says 422. */
const mayBeTakenLater = (error: unknown): boolean =>
  unavailable(error) || (error instanceof GatewayError && error.status === 422);
const mayEndLater = (error: unknown): boolean => unavailable(error) || error instanceof StillInProgressError;

/** Tries again while `mayChange` says of the error that time may mend it. @throws the last error when the time is over. */
async function insist<T>(
  withinMs: number,
  mayChange: (error: unknown) => boolean,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayChange(error) || Date.now() > until) throw error;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
