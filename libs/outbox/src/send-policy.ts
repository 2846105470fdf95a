import type { OutboxMessage } from './outbox.js';

/** Kafka answered that it does not take what was sent. */
export interface Refusal {
  /** What is refused: a message of the batch, or a topic of it. `unsure`: the same batch may be taken later. */
  readonly of: 'message' | 'topic' | 'unsure';
  /** Kafka's name for it, such as `MESSAGE_TOO_LARGE`. */
  readonly code: string;
}

/** @returns undefined for an error that is no refusal: Kafka is away, and will take the same batch later */
export function refusalOf(error: unknown): Refusal | undefined {
  return typeof error === 'object' && error !== null ? (error as { refusal?: Refusal }).refusal : undefined;
}

/** Refusals of a batch of one topic, after which the topic is suspended. One may be due to a moving leader or to stale metadata. */
const TOPIC_REFUSALS_MAX = 2;
/** Attempts of a single message, after which an unsure refusal parks it. With the relay's backoff that is some ten seconds. */
const UNSURE_ATTEMPTS = 9;

interface SendLimits {
  readonly publishMax: number;
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
}

/** Nothing is sent to the topic until that time, as by an open circuit breaker. */
interface Suspension {
  readonly refusal: Refusal;
  readonly until: number;
  readonly forMs: number;
}

/**
 * Decides how the relay continues when Kafka refuses a batch. The batch is halved until the refused message is alone, or sent one topic at a
 * time until the refused topic is known. Each batch that Kafka takes makes the next one larger again.
 */
export class SendPolicy {
  /** How many messages the next batch may have. */
  max: number;
  /** True: the next batch may have messages of one topic only. */
  oneTopic = false;
  /** Refusals of a topic in a row. */
  private readonly topicRefusals = new Map<string, number>();
  private readonly suspensions = new Map<string, Suspension>();

  constructor(private readonly limits: SendLimits) {
    this.max = limits.publishMax;
  }

  /** @returns what to do: send at once, wait and send, or park the batch, because all of it is refused */
  failed(
    batch: readonly OutboxMessage[],
    refusal: Refusal | undefined,
    attempt: number,
    now = Date.now(),
  ): 'again' | 'wait' | 'park' {
    if (refusal?.of === 'topic') return this.topicFailed(batch, refusal, now);
    const alone = batch.length === 1;
    // Also when Kafka is away: on a request above its socket.request.max.bytes a broker closes the connection without an answer.
    this.max = Math.ceil(batch.length / 2);
    if (refusal?.of === 'message') return alone ? 'park' : 'again';
    return refusal && alone && attempt >= UNSURE_ATTEMPTS ? 'park' : 'wait';
  }

  succeeded(batch: readonly OutboxMessage[]): void {
    this.max = Math.min(this.limits.publishMax, this.max * 2);
    if (this.topicRefusals.size === 0 && this.suspensions.size === 0) return;
    for (const { topic } of batch) {
      this.topicRefusals.delete(topic);
      this.suspensions.delete(topic);
    }
  }

  /** Lets the next batch have several topics again, once no message waits or the refused topic is suspended. */
  reset(): void {
    this.oneTopic = false;
    this.topicRefusals.clear();
  }

  /** Why nothing is sent to this topic now; undefined when it is not suspended. */
  suspendedBy(topic: string, now = Date.now()): Refusal | undefined {
    if (this.suspensions.size === 0) return undefined;
    const suspension = this.suspensions.get(topic);
    return suspension && suspension.until > now ? suspension.refusal : undefined;
  }

  get suspendsTopics(): boolean {
    return this.suspensions.size > 0;
  }

  private topicFailed(batch: readonly OutboxMessage[], refusal: Refusal, now: number): 'again' | 'wait' | 'park' {
    const topic = batch[0]?.topic ?? '';
    if (batch.some((message) => message.topic !== topic)) {
      this.oneTopic = true;
      return 'again';
    }
    const refusals = (this.topicRefusals.get(topic) ?? 0) + 1;
    this.topicRefusals.set(topic, refusals);
    const before = this.suspensions.get(topic);
    if (!before && refusals < TOPIC_REFUSALS_MAX) return 'wait';
    const { retryBaseMs, retryCapMs } = this.limits;
    // Half of the time after which the topic's parked messages are retried, so that a retry does not find it suspended.
    const forMs = Math.min(retryCapMs / 2, before ? before.forMs * 2 : retryBaseMs / 2);
    this.suspensions.set(topic, { refusal, forMs, until: now + forMs });
    this.reset();
    return 'park';
  }
}
