import type { IntentAnswer, RefundAnswer } from '@backstep/payment/intents/provider/checked-answers';
import { unreachable, ViolationError, type SimulatedProcess, type World } from '@backstep/simulation';
import type { Webhooks } from './webhooks.js';

/** One payment at the provider. */
export interface ProviderPayment {
  readonly reference: string;
  readonly orderId: string;
  /** Of the first charge: the id of the payment. */
  readonly chargeId: string;
  readonly currency: string;
  readonly captured: number;
  refunded: number;
}

/** The members of Stripe's PaymentIntent or Refund that are read. */
type Answer = Pick<IntentAnswer, 'id' | 'status' | 'amount' | 'currency'> &
  Partial<Pick<IntentAnswer, 'amount_received' | 'metadata'>> &
  Partial<Pick<RefundAnswer, 'payment_intent'>>;

interface CreateParameters {
  readonly amount: number;
  readonly currency: string;
  readonly payment_method: string;
  readonly metadata: { readonly orderId: string; readonly paymentIntentId: string; readonly chargeId?: string };
}

interface RefundParameters {
  readonly payment_intent: string;
  /** Left out: all that is left. */
  readonly amount?: number;
}

/** The timeout of the adapter, milliseconds: `PROVIDER_DEADLINE_MS` of the payment service. */
const TIMEOUT_MS = 4_000;
const SLOW_CARD_MS = 5_000;
const FLAKY_FAILURES = 2;
/** How often the provider fails at random, until all faults end. */
const UNAVAILABLE = 0.06;
const ANSWER_LOST = 0.06;
/** How often a proxy gives the answer of another request. */
const ANSWER_OF_ANOTHER = 0.03;

const DECLINED = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The provider as the stand-in implements it and as Stripe documents it: idempotency keys, test cards that misbehave, and a ledger of its
 * own, which is authoritative. Checks I3 with every movement.
 */
export class SimulatedProvider {
  readonly payments = new Map<string, ProviderPayment[]>();
  private readonly byReference = new Map<string, ProviderPayment>();
  private readonly answers = new Map<string, () => Answer>();
  private readonly failures = new Map<string, number>();
  private readonly inFlight = new Set<string>();
  private readonly asks = new Map<string, number>();
  /** The answers by kind of call and key. */
  private readonly given: Record<'charge' | 'refund', { readonly key: string; readonly answer: Answer }[]> = {
    charge: [],
    refund: [],
  };

  constructor(
    private readonly world: World,
    private readonly declined: (code: string, message: string) => Error,
    private readonly webhooks: Webhooks,
    private readonly moved: (orderId: string) => void,
    private readonly asked: (key: string, times: number) => void,
  ) {}

  /** The amount that the provider holds for an order. */
  kept(orderId: string): number {
    return (this.payments.get(orderId) ?? []).reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  }

  /** The client of one process: what `StripeProvider` uses as Stripe's package. */
  reachedBy(process: SimulatedProcess) {
    const ask = (key: string, make: () => Answer, card: string): Promise<Answer> => this.ask(process, key, make, card);
    return {
      paymentIntents: {
        create: (parameters: CreateParameters, { idempotencyKey }: { idempotencyKey: string }) =>
          ask(idempotencyKey, () => this.capture(parameters, idempotencyKey), parameters.payment_method),
      },
      refunds: {
        create: (parameters: RefundParameters, { idempotencyKey }: { idempotencyKey: string }) =>
          ask(idempotencyKey, () => this.refund(parameters, idempotencyKey), ''),
      },
    };
  }

  private async ask(process: SimulatedProcess, key: string, make: () => Answer, card: string): Promise<Answer> {
    const { world } = this;
    const times = (this.asks.get(key) ?? 0) + 1;
    this.asks.set(key, times);
    this.asked(key, times);
    const answer = await world.network.exchange(process, {
      peer: 'provider',
      window: 'provider',
      silence: unreachable,
      act: () => this.served(key, make, card),
    });
    if (answer !== 'slow') return answer;
    await wait(TIMEOUT_MS);
    throw new Error('the provider did not answer in time');
  }

  private served(key: string, make: () => Answer, card: string): Answer | 'slow' {
    const { world } = this;
    const { coverage, random } = world;
    const another = this.answerOfAnother(key);
    if (another) return another;
    const known = this.answers.get(key);
    if (known) {
      coverage.add('requests repeated with the same key');
      return known();
    }
    if (this.inFlight.has(key)) throw new Error('409: another request with this key is under way');
    if (this.isUnavailable(key, card)) throw new Error('503');
    if (card === 'pm_card_slow') {
      coverage.add('provider slow');
      this.inFlight.add(key);
      world.kernel.after(SLOW_CARD_MS, () => {
        this.inFlight.delete(key);
        this.remember(key, make);
      });
      return 'slow';
    }
    const answer = this.remember(key, make);
    if (card === 'pm_card_lostResponse' || (!world.isHealed && random.chance(ANSWER_LOST))) {
      coverage.add('charged and answer lost');
      throw new Error('socket hang up');
    }
    return answer();
  }

  /** Refuses the request without an effect. */
  private answerOfAnother(key: string): Answer | undefined {
    const { coverage, isHealed, random } = this.world;
    const others = this.given[kindOf(key)].filter((given) => given.key !== key);
    if (isHealed || others.length === 0 || !random.chance(ANSWER_OF_ANOTHER)) return undefined;
    coverage.add("answered with another's answer");
    return random.pick(others).answer;
  }

  private isUnavailable(key: string, card: string): boolean {
    const failed = this.failures.get(key) ?? 0;
    const flaky = card === 'pm_card_flaky' && failed < FLAKY_FAILURES;
    if (!flaky && (this.world.isHealed || !this.world.random.chance(UNAVAILABLE))) return false;
    this.failures.set(key, failed + 1);
    this.world.coverage.add('provider unavailable');
    return true;
  }

  /** The first request with a key decides the answer, refusals included. */
  private remember(key: string, make: () => Answer): () => Answer {
    let answer: () => Answer;
    try {
      const made = make();
      answer = () => made;
      this.given[kindOf(key)].push({ key, answer: made });
    } catch (error) {
      answer = () => {
        throw error;
      };
    }
    this.answers.set(key, answer);
    return answer;
  }

  private capture({ amount, currency, payment_method: card, metadata }: CreateParameters, key: string): Answer {
    const { story } = this.world;
    const { orderId, paymentIntentId, chargeId = paymentIntentId } = metadata;
    const reference = `pi_${this.byReference.size + 1}`;
    if (card === 'pm_card_chargeDeclined') {
      story.tell(() => `the provider declines ${story.nameOf(orderId)}`);
      const object = { id: `${reference}_declined`, status: 'requires_payment_method', amount, currency, metadata };
      const told = { ...object, amount_received: 0, last_payment_error: DECLINED };
      this.webhooks.tell({ type: 'payment_intent.payment_failed', orderId, object: told, key });
      throw this.declined(DECLINED.decline_code, DECLINED.message);
    }
    const payment = { reference, orderId, chargeId, currency, captured: amount, refunded: 0 };
    this.byReference.set(reference, payment);
    const payments = [...(this.payments.get(orderId) ?? []), payment];
    this.payments.set(orderId, payments);
    story.tell(() => `the provider captures ${amount} for ${story.nameOf(orderId)}`);
    const times = payments.filter((other) => other.chargeId === chargeId).length;
    if (times > 1) this.world.violated(new ViolationError('I3', `${story.nameOf(orderId)} is captured ${times} times`));
    this.moved(orderId);
    const object = { id: reference, status: 'succeeded', amount, amount_received: amount, currency, metadata };
    this.webhooks.tell({ type: 'payment_intent.succeeded', orderId, object, key });
    return object;
  }

  private refund({ payment_intent: reference, amount: part }: RefundParameters, key: string): Answer {
    const { story } = this.world;
    const payment = this.byReference.get(reference);
    if (!payment) throw new Error(`there is no payment ${reference}`);
    // Without an amount all of it, whatever was given back before: a second refund of the whole must be noticed.
    const amount = part ?? payment.captured;
    payment.refunded += amount;
    story.tell(() => `the provider refunds ${amount} to ${story.nameOf(payment.orderId)}`);
    if (payment.refunded > payment.captured) {
      this.world.violated(new ViolationError('I3', `${story.nameOf(payment.orderId)} is refunded more than it paid`));
    }
    this.moved(payment.orderId);
    const { orderId, currency, captured, refunded } = payment;
    const metadata = { orderId, paymentIntentId: orderId };
    const object = { amount: captured, amount_refunded: refunded, refunded: refunded === captured, currency, metadata };
    const told = { ...object, payment_intent: reference };
    this.webhooks.tell({ type: 'charge.refunded', orderId, object: told, key });
    return { id: `re_${reference}`, status: 'succeeded', amount, currency, payment_intent: reference };
  }
}

const kindOf = (key: string): 'charge' | 'refund' => (key.startsWith('refund') ? 'refund' : 'charge');
