import type { OutboxMessage } from './outbox.js';

/** Kafka answered, and does not take what it was sent. */
export interface Refusal {
  /** What it is about: a message of the batch, a topic of it, or it is not clear whether time would heal it. */
  readonly of: 'message' | 'topic' | 'unsure';
  /** Kafka's name for it, such as `MESSAGE_TOO_LARGE`. */
  readonly code: string;
}

/** @returns undefined for an error that is no refusal: Kafka is away, and will take the same later. */
export function refusalOf(error: unknown): Refusal | undefined {
  return typeof error === 'object' && error !== null ? (error as { refusal?: Refusal }).refusal : undefined;
}

/** A topic is given up for a while when it was refused this often by itself: a leader that moves, or a client's old memory, passes. */
const TOPIC_STRIKES = 2;
/** A message by itself, when it is not clear that it is its fault. With the relay's waits that is some ten seconds. */
const UNSURE_ATTEMPTS = 9;

interface CautionLimits {
  readonly publishMax: number;
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
}

interface Shut {
  readonly refusal: Refusal;
  readonly until: number;
  readonly forMs: number;
}

/**
 * How the relay goes on when Kafka does not take a batch: with half of it, until a message stands alone; with one topic at a time, until
 * the topic is known. What was taken makes the next batch larger again.
 */
export class Caution {
  /** Messages that the next batch may have. */
  max: number;
  /** The next batch is of one topic. */
  oneTopic = false;
  private readonly strikes = new Map<string, number>();
  private readonly shut = new Map<string, Shut>();

  constructor(private readonly limits: CautionLimits) {
    this.max = limits.publishMax;
  }

  /** @returns what to do: send again, wait and send again, or park the batch, for it is what is refused. */
  failed(
    batch: readonly OutboxMessage[],
    refusal: Refusal | undefined,
    attempt: number,
    now = Date.now(),
  ): 'again' | 'wait' | 'park' {
    if (refusal?.of === 'topic') return this.topicFailed(batch, refusal, now);
    const alone = batch.length === 1;
    // Also when Kafka is away: a broker closes the connection, without a word, on a request above its socket.request.max.bytes.
    this.max = Math.ceil(batch.length / 2);
    if (refusal?.of === 'message') return alone ? 'park' : 'again';
    return refusal && alone && attempt >= UNSURE_ATTEMPTS ? 'park' : 'wait';
  }

  succeeded(batch: readonly OutboxMessage[]): void {
    this.max = Math.min(this.limits.publishMax, this.max * 2);
    if (this.strikes.size === 0 && this.shut.size === 0) return;
    for (const { topic } of batch) {
      this.strikes.delete(topic);
      this.shut.delete(topic);
    }
  }

  /** Nothing waits: what comes next begins without suspicion. */
  rest(): void {
    this.oneTopic = false;
    this.strikes.clear();
  }

  /** Why nothing is sent to this topic at the moment. */
  shutBy(topic: string, now = Date.now()): Refusal | undefined {
    if (this.shut.size === 0) return undefined;
    const shut = this.shut.get(topic);
    return shut && shut.until > now ? shut.refusal : undefined;
  }

  get shutsSome(): boolean {
    return this.shut.size > 0;
  }

  private topicFailed(batch: readonly OutboxMessage[], refusal: Refusal, now: number): 'again' | 'wait' | 'park' {
    const topic = batch[0]?.topic ?? '';
    if (batch.some((message) => message.topic !== topic)) {
      this.oneTopic = true;
      return 'again';
    }
    const strikes = (this.strikes.get(topic) ?? 0) + 1;
    this.strikes.set(topic, strikes);
    const before = this.shut.get(topic);
    if (!before && strikes < TOPIC_STRIKES) return 'wait';
    const { retryBaseMs, retryCapMs } = this.limits;
    // Half of the time after which its messages are retried: they must find it open.
    const forMs = Math.min(retryCapMs / 2, before ? before.forMs * 2 : retryBaseMs / 2);
    this.shut.set(topic, { refusal, forMs, until: now + forMs });
    this.rest();
    return 'park';
  }
}
