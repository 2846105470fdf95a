import { backoffMs, pausePoint, pausePointsArmed, type BackoffPolicy } from '@backstep/resilience';
import { FenceError } from '@backstep/locks';
import type { Logger } from '@backstep/service';
import type { UnitOfWork } from '@backstep/unit-of-work';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { callOf, type ProviderCall } from '../payment-intent/provider-calls.js';
import { OutcomeUnknownError, UnexpectedAnswerError, type PaymentProvider } from '../provider/payment-provider.js';
import { giveBack, leaseDue, type GivenBack, type Leased, type LeaseParts } from './leases.js';
import type { ProviderMetrics } from './provider-metrics.js';
import { accountOf, SettleByAccountHandler } from './settle-by-account.handler.js';
import { SettlePaymentHandler } from './settle-payment.handler.js';

export interface WorkerLimits {
  /** Concurrent calls to the provider. */
  readonly concurrency: number;
  /** Leased payments that may wait for a call; the leases of more are released. */
  readonly queueMax: number;
  /** Payments that one statement leases. */
  readonly leaseMax: number;
  /** A call begins within this time of its lease or not at all: the rest of the lease must suffice for the call and its commit. */
  readonly beginWithinMs: number;
  readonly retry: BackoffPolicy;
  /** Retries that have a timer of their own; the sweep finds the others. */
  readonly timersMax: number;
}

export const DEFAULT_LIMITS: WorkerLimits = {
  concurrency: 32,
  queueMax: 1_024,
  leaseMax: 64,
  beginWithinMs: 4_000,
  retry: { baseMs: 100, capMs: 15_000 },
  timersMax: 64,
};

export interface WorkerParts extends LeaseParts {
  readonly provider: PaymentProvider;
  readonly unitOfWork: UnitOfWork;
  readonly metrics: Pick<ProviderMetrics, 'callDuration'>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Added to a timer, which counts from the event loop's clock. That clock stands still while the loop is busy, so a timer may fire early. A
 * sweep that comes too early finds nothing, and the payment waits for the next one.
 */
const TIMER_EARLY_MS = 10;

interface Waiting {
  readonly intent: Leased;
  /** The monotonic clock of this process when it learnt of the lease. The lease began earlier, by the time of a commit. */
  readonly since: number;
}

/**
 * Calls the provider, outside of any transaction, and stores the outcome.
 *
 * The usual way: a commit takes the payment's lock for its process, and {@link take} gets the payment from memory right after.
 * The fallback: {@link sweep} leases due payments without a lease: retries, and payments of a crashed process.
 * The lease keeps workers apart for the sake of economy. What keeps charges apart is the idempotency key: a worker that was taken for dead
 * may go on, since both get one outcome. Its fence keeps it from storing what another is about to store.
 */
export class ProviderWorker {
  private readonly recording = new SettlePaymentHandler();
  private readonly byAccount = new SettleByAccountHandler();
  private readonly queue: Waiting[] = [];
  private readonly calls = new Set<Promise<void>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private sweeping: Promise<void> | undefined;
  private moreIsDue = false;
  private stopped = false;

  constructor(
    private readonly parts: WorkerParts,
    private readonly limits: WorkerLimits = DEFAULT_LIMITS,
  ) {}

  /** Takes payments whose commits have leased them (`ProviderCallDue`). Never throws, never waits. */
  take(intents: readonly Leased[]): void {
    this.enqueue(intents);
  }

  /** Leases due payments, as many as there is room for. @throws DatabaseUnavailableError */
  async sweep(): Promise<void> {
    if (this.sweeping) {
      this.moreIsDue = true;
      return this.sweeping;
    }
    this.sweeping = this.leaseWhatIsDue();
    try {
      await this.sweeping;
    } finally {
      this.sweeping = undefined;
    }
    this.refill();
  }

  /** Releases the leases of calls that have not begun, and waits at most `withinMs` for running ones. Their leases outlive this process. */
  async stop(withinMs: number): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.race([this.finish(), delay(withinMs, undefined, { ref: false })]);
  }

  private async finish(): Promise<void> {
    await this.release(this.queue.splice(0).map(({ intent }) => unasked(intent)));
    await Promise.allSettled([this.sweeping]);
    await Promise.all(this.calls);
  }

  private async leaseWhatIsDue(): Promise<void> {
    this.moreIsDue = false;
    const room = this.limits.leaseMax - this.backlog;
    if (this.stopped || room <= 0) return;
    const since = performance.now();
    const leased = await leaseDue(this.parts, room);
    this.enqueue(leased, since);
    this.moreIsDue ||= leased.length === room;
  }

  private get backlog(): number {
    return this.queue.length + this.calls.size;
  }

  private enqueue(intents: readonly Leased[], since = performance.now()): void {
    const room = this.stopped ? 0 : Math.max(0, this.limits.queueMax - this.queue.length);
    for (const intent of intents.slice(0, room)) this.queue.push({ intent, since });
    this.returnUnasked(intents.slice(room));
    this.pump();
  }

  private pump(): void {
    this.dropLate();
    while (!this.stopped && this.calls.size < this.limits.concurrency) {
      const next = this.queue.shift()?.intent;
      if (!next) return;
      this.track(this.settle(next));
    }
  }

  /** Payments wait in the order of their leases, so the late ones are in front. */
  private dropLate(): void {
    const tooOld = performance.now() - this.limits.beginWithinMs;
    const inTime = this.queue.findIndex(({ since }) => since > tooOld);
    const late = this.queue.splice(0, inTime === -1 ? this.queue.length : inTime);
    this.returnUnasked(late.map(({ intent }) => intent));
  }

  /** There was no time or no room for these: they are due at once, for any instance. */
  private returnUnasked(intents: readonly Leased[]): void {
    if (intents.length === 0) return;
    this.moreIsDue = true;
    this.track(this.release(intents.map(unasked)));
  }

  /** `call` must not reject. */
  private track(call: Promise<void>): void {
    this.calls.add(call);
    void call.then(() => {
      this.calls.delete(call);
      this.pump();
      this.refill();
    });
  }

  /** More payments were due than there was room for, and half of the room is free again. */
  private refill(): void {
    if (this.moreIsDue && !this.stopped && !this.sweeping && this.backlog <= this.limits.leaseMax / 2)
      this.sweepOrWarn();
  }

  private sweepSoon(ms: number): void {
    if (this.stopped || this.timers.size >= this.limits.timersMax) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.sweepOrWarn();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }

  private sweepOrWarn(): void {
    this.sweep().catch((error: unknown) => this.parts.logger.warn('could not look for due payments', { error }));
  }

  private async settle(intent: Leased): Promise<void> {
    try {
      const { id: paymentIntentId, lease } = intent;
      const call = callOf(intent);
      const accountId = accountOf(call);
      if (accountId !== undefined) return await this.settleByAccount(intent, call, accountId);
      const outcome = await this.ask(intent, call);
      const isStored = await this.parts.unitOfWork.request(this.recording, { paymentIntentId, outcome, lease });
      // A webhook was faster. Its commit knew of no lease, which would keep the next call away until its end.
      if (!isStored) await this.parts.locks.release([lease]);
    } catch (error) {
      if (error instanceof FenceError) this.overtaken(intent);
      else await this.askAgainLater(intent, error);
    }
  }

  /** An account of ours takes the place of the provider: nothing is called. */
  private async settleByAccount({ id: paymentIntentId, lease }: Leased, call: ProviderCall, accountId: string) {
    if (pausePointsArmed()) await pausePoint(`payment.before-provider-${call.kind}`);
    await this.parts.unitOfWork.request(this.byAccount, { paymentIntentId, accountId, call, lease });
  }

  /** @throws OutcomeUnknownError */
  private async ask(intent: Leased, asked: ProviderCall): Promise<ProviderOutcome> {
    const call = asked.kind;
    if (pausePointsArmed()) await pausePoint(`payment.before-provider-${call}`);
    const measured = this.parts.metrics.callDuration.startTimer({ call });
    let outcome: ProviderOutcome;
    try {
      outcome = await this.request(intent, asked);
    } catch (error) {
      measured({ outcome: error instanceof UnexpectedAnswerError ? 'unexpected' : 'unknown' });
      throw error;
    }
    measured({ outcome: outcome.kind });
    if (pausePointsArmed()) await pausePoint(`payment.after-provider-${call}`);
    return outcome;
  }

  private async request({ id, forOrder, currency }: Leased, asked: ProviderCall): Promise<ProviderOutcome> {
    const { provider } = this.parts;
    const { key, amount } = asked;
    if (asked.kind === 'charge') {
      const { chargeId, paymentMethod } = asked;
      const orderId = forOrder ? id : undefined;
      const request = { paymentIntentId: id, orderId, chargeId, key, amount, currency, paymentMethod };
      return Object.assign(await provider.charge(request), { chargeId });
    }
    const { providerReference, isWhole, takesRest } = asked;
    const outcome = await provider.refund({ key, providerReference, amount, currency, isWhole, takesRest });
    return isWhole ? outcome : Object.assign(outcome, { key });
  }

  /** Its lease was over, and another worker asks for the same outcome. */
  private overtaken(intent: Leased): void {
    const about = aboutOf(intent);
    this.parts.logger.warn('another worker has taken the payment over; the outcome is stored by that one', about);
  }

  private async askAgainLater(intent: Leased, error: unknown): Promise<void> {
    const { id, lease, attempts } = intent;
    const unexpected = error instanceof UnexpectedAnswerError;
    const dueInMs = backoffMs(this.limits.retry, attempts - 1);
    const fields = { ...aboutOf(intent), attempt: attempts, againInMs: Math.round(dueInMs) };
    let problem: string | undefined;
    if (error instanceof OutcomeUnknownError) {
      problem = error.message;
      this.parts.logger[unexpected ? 'error' : 'warn'](
        'the outcome at the provider is unknown; the request is repeated',
        {
          ...fields,
          reason: problem,
        },
      );
    } else
      this.parts.logger.error("the provider's answer could not be stored; the request is repeated", {
        ...fields,
        error,
      });
    await this.release([{ id, lease, asked: true, dueInMs, problem }]);
    this.sweepSoon(dueInMs + TIMER_EARLY_MS);
  }

  /** Does not reject: a lease that cannot be released runs out. */
  private async release(leases: readonly GivenBack[]): Promise<void> {
    if (leases.length === 0) return;
    try {
      await giveBack(this.parts, leases);
    } catch (error) {
      this.parts.logger.warn('leases could not be given back; they run out', { leases: leases.length, error });
    }
  }
}

/** For the log. */
const aboutOf = ({ id, forOrder, chargeCommand }: Leased) =>
  forOrder ? { orderId: id, sagaId: chargeCommand?.sagaId } : { paymentIntentId: id };

const unasked = ({ id, lease }: Leased): GivenBack => ({ id, lease, asked: false, dueInMs: 0 });
