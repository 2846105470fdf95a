import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TOPICS } from '@backstep/contracts';
import {
  type FollowFrom,
  kafkaSecurityFrom,
  KafkaUnavailableError,
  type KeyReading,
  PartitionReader,
  type ReceivedMessage,
  UnknownTopicError,
} from '@backstep/kafka';
import { CONFIG, Logger } from '@backstep/service';
import { comeAgain, type ProblemError, PROBLEMS } from '@backstep/problems';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfig } from '../config.js';
import { causalOrder } from './causal-order.js';
import { type BurstLimits, inBursts } from './in-bursts.js';
import { nearTo, type TimeWindow } from './time-window.js';
import { isWhole } from './whole.js';

/** The timeout for reading an order's past from Kafka. The reader's own timeout is longer than a client should wait. */
const PAST_MS = 10_000;

/** The bursts that are put in causal order. The time is longer than a fetch takes to deliver, and too short for a person to notice. */
const BURST: BurstLimits = { ms: 25, items: 500 };

const ALL_TOPICS = TOPICS.map(({ name }) => name);

/**
 * An order's messages, read from Kafka. It connects at the first use: nothing else in the gateway needs Kafka, and the gateway's readiness
 * does not depend on it.
 */
@Injectable()
export class OrderLog implements OnApplicationShutdown {
  private readonly reader: PartitionReader;

  constructor(@Inject(CONFIG) config: GatewayConfig, @Inject(Logger) logger: Logger) {
    this.reader = new PartitionReader({
      brokers: config.KAFKA_BROKERS,
      clientId: 'gateway',
      logger,
      security: kafkaSecurityFrom(config),
    });
  }

  /**
   * The messages of the order so far, in causal order, and the positions up to which was read.
   * @param withinMs how long it may take, milliseconds
   * @throws ProblemError `unavailable` when Kafka does not answer.
   */
  async past(orderId: string, window: TimeWindow, withinMs = PAST_MS): Promise<KeyReading> {
    const timeout = new AbortController();
    try {
      const reading = await Promise.race([
        this.read(orderId, window),
        delay(withinMs, undefined, { signal: timeout.signal }),
      ]);
      if (reading === undefined) throw kafkaAway(new Error(`no answer within ${withinMs} ms`));
      return { ...reading, messages: causalOrder(reading.messages) };
    } catch (error) {
      if (error instanceof KafkaUnavailableError || error instanceof UnknownTopicError) throw kafkaAway(error);
      throw error;
    } finally {
      timeout.abort();
    }
  }

  /** From near the order's beginning on; from earlier on too, where its messages do not show that there are none. */
  private async read(orderId: string, window: TimeWindow): Promise<KeyReading> {
    const near = await this.reader.readKey(ALL_TOPICS, orderId, nearTo(window));
    return isWhole(near.messages) ? near : this.reader.readKey(ALL_TOPICS, orderId, window);
  }

  /**
   * New messages from these offsets on, until the signal aborts: each burst in causal order, each topic in its own order.
   * @throws KafkaUnavailableError, UnknownTopicError, TooManyFollowersError
   */
  async *live(orderId: string, from: FollowFrom, signal: AbortSignal): AsyncGenerator<ReceivedMessage, void, void> {
    const messages = this.reader.follow(ALL_TOPICS, orderId, from, signal);
    for await (const burst of inBursts(messages, BURST)) yield* causalOrder(burst);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader.disconnect();
  }
}

const kafkaAway = (cause: unknown): ProblemError =>
  comeAgain(PROBLEMS.unavailable, { detail: 'Kafka does not answer.', cause });
