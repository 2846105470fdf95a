import { isLoopback } from '@backstep/service/loopback';
import Stripe from 'stripe';

/** From connecting to the status of the answer, milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Where webhooks go, and what they are signed with. */
export class Endpoint {
  private constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {}

  /** @throws Error when the address is neither of this machine nor one of `hosts`, or the secret is missing */
  static at(url: string, { secret = '', hosts = [] }: { secret?: string; hosts?: readonly string[] }): Endpoint {
    const { hostname } = new URL(url);
    if (!isLoopback(hostname) && !hosts.includes(hostname.toLowerCase())) {
      throw new Error(`WEBHOOK_URL names ${hostname}, which is not this machine: add it to WEBHOOK_HOSTS`);
    }
    if (secret === '') throw new Error('WEBHOOK_SECRET is missing: webhooks are signed with it');
    return new Endpoint(url, secret);
  }

  /**
   * One delivery, signed by Stripe's scheme with the time of this delivery.
   * @throws Error when it is not answered with 2xx in time; it may have arrived all the same
   */
  async deliver(payload: string, signal: AbortSignal): Promise<void> {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: this.secret });
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      body: payload,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  }
}
