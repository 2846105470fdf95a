import { unreachable, ViolationError, type SimulatedProcess, type World } from '@backstep/simulation';

/** One payment at the provider. */
export interface ProviderPayment {
  readonly reference: string;
  readonly orderId: string;
  readonly captured: number;
  refunded: number;
}

type Answer = { readonly id: string; readonly status: string; readonly amount_received: number };

/** How long the adapter waits, milliseconds: `PROVIDER_TIMEOUT_MS` of the payment service. */
const TIMEOUT_MS = 4_000;
const SLOW_CARD_MS = 5_000;
const FLAKY_FAILURES = 2;
/** How often the provider fails for no reason, until everything is healed. */
const UNAVAILABLE = 0.06;
const ANSWER_LOST = 0.06;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The provider as the stand-in is, and as Stripe documents itself: idempotency keys, test cards that misbehave, and a ledger of its
 * own, which is the truth about money. Checks I3 with every movement.
 */
export class SimulatedProvider {
  readonly payments = new Map<string, ProviderPayment[]>();
  private readonly byReference = new Map<string, ProviderPayment>();
  private readonly answers = new Map<string, () => Answer>();
  private readonly failures = new Map<string, number>();
  private readonly inFlight = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly declined: (code: string, message: string) => Error,
    private readonly moved: (orderId: string) => void,
  ) {}

  /** What the provider keeps of an order. */
  kept(orderId: string): number {
    return (this.payments.get(orderId) ?? []).reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  }

  /** As one process reaches it: what `StripeProvider` takes for Stripe's package. */
  reachedBy(process: SimulatedProcess) {
    const ask = (key: string, make: () => Answer, card: string): Promise<Answer> => this.ask(process, key, make, card);
    return {
      paymentIntents: {
        create: (
          {
            amount,
            payment_method: card,
            metadata,
          }: { amount: number; payment_method: string; metadata: { orderId: string } },
          { idempotencyKey }: { idempotencyKey: string },
        ) => ask(idempotencyKey, () => this.capture(metadata.orderId, amount, card), card),
      },
      refunds: {
        create: (
          { payment_intent: reference }: { payment_intent: string },
          { idempotencyKey }: { idempotencyKey: string },
        ) => ask(idempotencyKey, () => this.refund(reference), ''),
      },
    };
  }

  private async ask(process: SimulatedProcess, key: string, make: () => Answer, card: string): Promise<Answer> {
    const { world } = this;
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
    } catch (error) {
      answer = () => {
        throw error;
      };
    }
    this.answers.set(key, answer);
    return answer;
  }

  private capture(orderId: string, amount: number, card: string): Answer {
    const { story } = this.world;
    if (card === 'pm_card_chargeDeclined') {
      story.tell(() => `the provider declines ${story.nameOf(orderId)}`);
      throw this.declined('generic_decline', 'Your card was declined.');
    }
    const payment = { reference: `pi_${this.byReference.size + 1}`, orderId, captured: amount, refunded: 0 };
    this.byReference.set(payment.reference, payment);
    const payments = [...(this.payments.get(orderId) ?? []), payment];
    this.payments.set(orderId, payments);
    story.tell(() => `the provider captures ${amount} for ${story.nameOf(orderId)}`);
    if (payments.length > 1) {
      this.world.violated(new ViolationError('I3', `${story.nameOf(orderId)} is captured ${payments.length} times`));
    }
    this.moved(orderId);
    return { id: payment.reference, status: 'succeeded', amount_received: amount };
  }

  private refund(reference: string): Answer {
    const { story } = this.world;
    const payment = this.byReference.get(reference);
    if (!payment) throw new Error(`there is no payment ${reference}`);
    payment.refunded += payment.captured;
    story.tell(() => `the provider refunds ${payment.captured} to ${story.nameOf(payment.orderId)}`);
    if (payment.refunded > payment.captured) {
      this.world.violated(new ViolationError('I3', `${story.nameOf(payment.orderId)} is refunded more than it paid`));
    }
    this.moved(payment.orderId);
    return { id: `re_${reference}`, status: 'succeeded', amount_received: payment.captured };
  }
}
