import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { consumerGroupOf, PROCESSES, SERVICES, TOPICS } from '@backstep/contracts';
import {
  type ConsumerGroup,
  kafkaSecurityFrom,
  type KafkaOptions,
  KafkaOverview,
  KafkaUnavailableError,
  LogBrowser,
  type TopicState,
  UnknownTopicError,
} from '@backstep/kafka';
import { comeAgain, type ProblemError, PROBLEMS } from '@backstep/problems';
import { CONFIG, Logger } from '@backstep/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfig } from '../config.js';
import { SharedAnswer } from './shared-answer.js';

/** How long one question to Kafka may take, milliseconds. */
const ANSWER_MS = 5_000;
/** How long an answer about topics or groups is given to others who ask, milliseconds. */
const SHARED_MS = 1_000;
/** Readings of the log under way in one process: each holds at most some 32 MB. */
export const READINGS_MAX = 8;
const RETRY_AFTER_SECONDS = 1;
const TOPIC_NAMES = TOPICS.map(({ name }) => name);

/** An answer, and when Kafka gave it. */
export interface Taken<Items> {
  readonly items: readonly Items[];
  readonly takenAt: string;
}

/**
 * Kafka as operators look at it: logs, topics and groups. It connects at the first question, joins no group and commits nothing; the gateway's
 * readiness does not depend on it.
 */
@Injectable()
export class KafkaView implements OnApplicationShutdown {
  private readonly browser: LogBrowser;
  private readonly overview: KafkaOverview;
  private readonly sharedTopics: SharedAnswer<Taken<TopicState>>;
  private readonly sharedGroups: SharedAnswer<Taken<ConsumerGroup>>;
  /** The readings under way, by when each is to be over. */
  private readonly readings = new Set<{ readonly until: number }>();

  constructor(@Inject(CONFIG) config: GatewayConfig, @Inject(Logger) logger: Logger) {
    const security = kafkaSecurityFrom(config);
    const options: KafkaOptions = { brokers: config.KAFKA_BROKERS, clientId: 'gateway', logger, security };
    this.browser = new LogBrowser(options);
    const overview = (this.overview = new KafkaOverview(options));
    this.sharedTopics = new SharedAnswer(SHARED_MS, () => taken(overview.topics(TOPIC_NAMES)));
    this.sharedGroups = new SharedAnswer(SHARED_MS, () =>
      taken(
        overview.groups(
          SERVICES.map((service) => ({ id: consumerGroupOf(service), topics: PROCESSES[service].consumes })),
        ),
      ),
    );
  }

  /** @throws ProblemError `unavailable` when Kafka does not answer */
  topics(): Promise<Taken<TopicState>> {
    return answered(this.sharedTopics.get());
  }

  /** @throws ProblemError `unavailable` when Kafka does not answer */
  groups(): Promise<Taken<ConsumerGroup>> {
    return answered(this.sharedGroups.get());
  }

  /**
   * Reads the log. A reading that Kafka does not answer in time counts until it has ended: without a bound, an outage would collect them.
   * @throws ProblemError `tooManyRequests` when as many as allowed are under way; `unavailable` when Kafka does not answer
   */
  async reading<Result>(work: (browser: LogBrowser, ending: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.readings.size >= READINGS_MAX) {
      const now = performance.now();
      if ([...this.readings].some(({ until }) => until < now)) throw kafkaAway(new Error('readings do not end'));
      throw comeAgain(PROBLEMS.tooManyRequests, {
        detail: `${READINGS_MAX} readings of Kafka's log are under way here.`,
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
    const ending = new AbortController();
    const reading = { until: performance.now() + ANSWER_MS };
    this.readings.add(reading);
    const working = work(this.browser, ending.signal).finally(() => this.readings.delete(reading));
    return answered(working).finally(() => ending.abort());
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.browser.disconnect(), this.overview.close()]);
  }
}

async function taken<Item>(asked: Promise<readonly Item[]>): Promise<Taken<Item>> {
  return { items: await asked, takenAt: new Date().toISOString() };
}

/** What Kafka answers within the time that a client waits. */
async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const timeout = new AbortController();
  try {
    const late = delay(ANSWER_MS, undefined, { signal: timeout.signal }).then(() => {
      throw new KafkaUnavailableError(`no answer within ${ANSWER_MS} ms`);
    });
    late.catch(() => undefined);
    return await Promise.race([asked, late]);
  } catch (error) {
    asked.catch(() => undefined);
    if (error instanceof KafkaUnavailableError || error instanceof UnknownTopicError) throw kafkaAway(error);
    throw error;
  } finally {
    timeout.abort();
  }
}

const kafkaAway = (cause: unknown): ProblemError =>
  comeAgain(PROBLEMS.unavailable, { detail: 'Kafka does not answer.', cause });
