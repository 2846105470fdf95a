import { ProblemError, PROBLEMS } from '@backstep/problems';
import { ContradictoryOutcomeError } from '@backstep/payment/intents/payment-intent/payment-intent.rules';
import { UnexpectedAnswerError } from '@backstep/payment/intents/provider/payment-provider';
import { readEvent, type ProviderEvent } from '@backstep/payment/intents/receive-webhook/provider-event';
import { delivery } from '@backstep/payment/intents/receive-webhook/receive-webhook.handler';
import { ViolationError, type World } from '@backstep/simulation';
import type { Parts } from './parts.js';

/** What the provider has done. */
export interface Done {
  readonly type: 'payment_intent.succeeded' | 'payment_intent.payment_failed' | 'charge.refunded';
  /** Whose it is, for the number of deliveries and the story. */
  readonly orderId: string;
  /** Stripe's object, as it is at that moment. */
  readonly object: object;
  /** The idempotency key of the request. */
  readonly key: string;
}

/** A delivery that is not answered comes again after this time, milliseconds. */
const PATIENCE_MS = 2_000;
/** How often a delivery is quick, often quicker than the answer to the request; and how late one is at most, milliseconds. */
const QUICK = 0.6;
const QUICK_WITHIN_MS = 150;
const LATE_WITHIN_MS = 4_000;

/** What the provider tells unasked: some events come twice, in any order, before or after the answer, to any instance, until they are taken. */
export class Webhooks {
  /** Deliveries that nobody has taken yet. */
  untaken = 0;
  private made = 0;

  /** @param deliveriesOf how often each event about the payment of an order is delivered */
  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly deliveriesOf: (orderId: string) => number,
  ) {}

  tell({ type, orderId, object, key }: Done): void {
    const { kernel, random, coverage } = this.world;
    const id = `evt_${++this.made}`;
    const event = readEvent({ id, type, data: { object }, request: { idempotency_key: key } });
    if (typeof event === 'string') return coverage.add(`webhooks ${event}`);
    const isPart = 'refunded' in object && object.refunded === false;
    for (let n = this.deliveriesOf(orderId); n > 0; n--) {
      this.untaken++;
      const inMs = random.chance(QUICK) ? random.below(QUICK_WITHIN_MS) : random.below(LATE_WITHIN_MS);
      kernel.after(inMs, () => this.deliver(event, `${type}${isPart ? ' of a part' : ''}`));
    }
  }

  private deliver(event: ProviderEvent, what: string): void {
    const { world, parts } = this;
    const { kernel, random, network } = world;
    let ended = false;
    const end = (then: () => void): void => {
      if (ended) return;
      ended = true;
      then();
    };
    kernel.after(PATIENCE_MS, () => end(() => this.deliver(event, what)));
    const living = world.living('payment');
    const server = living[random.below(living.length)];
    if (!server) return;
    const ask = (): void => {
      server.unitOfWork.request(parts.payment.receiveWebhook, delivery(event)).then(
        ({ answer, replayed }) => end(() => this.taken(event, what, replayed ? 'duplicate' : answer.outcome)),
        (error: unknown) => this.failed(event, error),
      );
    };
    kernel.after(network.latency('database'), ask, server.process);
  }

  private taken({ paymentIntentId }: ProviderEvent, what: string, outcome: string): void {
    const { coverage, story } = this.world;
    this.untaken--;
    coverage.add(`webhooks ${outcome}`);
    if (outcome === 'settled' && what.endsWith('of a part')) coverage.add('parts given back settled by webhooks');
    story.tell(() => `the provider tells ${what} of ${story.nameOf(paymentIntentId)}: ${outcome}`);
  }

  /** The provider never contradicts itself; what else fails comes again. */
  private failed({ paymentIntentId }: ProviderEvent, error: unknown): void {
    const contradicts =
      error instanceof ContradictoryOutcomeError ||
      error instanceof UnexpectedAnswerError ||
      (error instanceof ProblemError && error.problem === PROBLEMS.idempotencyKeyReused);
    if (!contradicts) return;
    const { story } = this.world;
    this.world.violated(
      new ViolationError('I3', `an event about ${story.nameOf(paymentIntentId)} is refused: ${error.message}`),
    );
  }
}
