import { Pool } from 'undici';
import { CURRENCY } from '../../load/orders.js';
import type { Order } from './order.js';

/** Charges under way at once; more wait here. */
const CONNECTIONS_MAX = 64;
const TEST_KEY = 'sk_test_bench';

/** Charges at the stand-in that Backstep charges at, with what it needs of Stripe's client: a form, and an idempotency key. */
export class Provider {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool(url, { connections: CONNECTIONS_MAX, pipelining: 1 });
  }

  /** @returns the id of the charge, the same for the same order @throws Error when the provider does not take it */
  async charge({ id, total, paymentMethod }: Order): Promise<string> {
    const form = new URLSearchParams({
      amount: String(total),
      currency: CURRENCY.toLowerCase(),
      payment_method: paymentMethod,
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
      confirm: 'true',
      error_on_requires_action: 'true',
    });
    const { statusCode, body } = await this.pool.request({
      path: '/v1/payment_intents',
      method: 'POST',
      headers: {
        authorization: `Bearer ${TEST_KEY}`,
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': `charge:${id}`,
      },
      body: form.toString(),
    });
    const answer = (await body.json()) as { readonly id?: string };
    if (statusCode !== 200 || answer.id === undefined)
      throw new Error(`the provider answers ${statusCode}: ${JSON.stringify(answer)}`);
    return answer.id;
  }
}
