import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { kafkaSecurityFrom, type KafkaOptions, PartitionReader, type ReceivedMessage } from '@backstep/kafka';
import { backoffMs } from '@backstep/resilience';
import { CONFIG, Logger } from '@backstep/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfig } from '../config.js';
import { STREAMED_TOPICS, StreamPosition } from './positions.js';
import { StreamedMessage } from './streamed-message.js';

const BACKOFF = { baseMs: 200, capMs: 5_000 };
/** Fetches that fail before those who watch are told that Kafka does not answer: the first may have met a connection that was closed. */
const ATTEMPTS = 2;

/** Who is told what the reader reads. No method may throw. */
export interface HubClient {
  message(message: StreamedMessage): void;
  /** Kafka does not answer, or answers again. */
  kafka(isReachable: boolean): void;
  /** Kafka has another log than before: what was told is not of it. It goes on after this position. */
  lost(position: StreamPosition): void;
}

/** The reader, from its first client to its last. */
interface Run {
  readonly ending: AbortController;
  /** How far it has got; undefined until Kafka has said where its logs end. */
  position: StreamPosition | undefined;
  /** Where it began. */
  readonly begun: Promise<StreamPosition>;
}

/**
 * The one reader of Kafka for all streams of this gateway. It reads while there is a client, from the ends of the logs on, and outlives outages:
 * it goes on where it was.
 */
@Injectable()
export class MessageHub implements OnApplicationShutdown {
  readonly options: KafkaOptions;
  private readonly clients = new Set<HubClient>();
  private run: Run | undefined;
  private isReachable = true;

  constructor(
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    const security = kafkaSecurityFrom(config);
    this.options = { brokers: config.KAFKA_BROKERS, clientId: 'gateway', logger, security };
  }

  /** How far the reader has got; undefined while it does not read. */
  get position(): StreamPosition | undefined {
    return this.run?.position;
  }

  /** Whether Kafka is read now. */
  get isReading(): boolean {
    return this.run !== undefined;
  }

  /**
   * Tells a client what comes from now on.
   * @returns the position after which it is told, once Kafka has said it, and what ends it
   */
  join(client: HubClient): { readonly from: Promise<StreamPosition>; readonly leave: () => void } {
    this.clients.add(client);
    const run = (this.run ??= this.begin());
    if (!this.isReachable) client.kafka(false);
    // Whoever waits for the reader to begin is told all that it reads.
    const from = run.position ? Promise.resolve(run.position.copy()) : run.begun;
    return { from, leave: () => this.leave(client) };
  }

  onApplicationShutdown(): void {
    this.clients.clear();
    this.end();
  }

  private leave(client: HubClient): void {
    this.clients.delete(client);
    if (this.clients.size === 0) this.end();
  }

  private end(): void {
    this.run?.ending.abort();
    this.run = undefined;
    this.isReachable = true;
  }

  private begin(): Run {
    let begins!: (position: StreamPosition) => void;
    const begun = new Promise<StreamPosition>((resolve) => (begins = resolve));
    const run: Run = { ending: new AbortController(), position: undefined, begun };
    void this.read(run, begins);
    return run;
  }

  private async read(run: Run, begins: (position: StreamPosition) => void): Promise<void> {
    const { signal } = run.ending;
    const reader = new PartitionReader(this.options);
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        run.position = await this.positionOf(reader, run.position);
        begins(run.position.copy());
        this.tellReachable(run, true);
        for await (const messages of reader.tailFrom(run.position.all, signal, ATTEMPTS)) {
          attempt = 0;
          for (const message of messages) this.tell(run, run.position, message);
        }
      } catch (error) {
        if (signal.aborted) break;
        this.logger.warn('the reader of the streams lost Kafka; it tries again', { error });
        this.tellReachable(run, false);
        await delay(backoffMs(BACKOFF, attempt), undefined, { signal }).catch(() => undefined);
      }
    }
    await reader.disconnect();
  }

  /** Where the reader goes on: where it was, or where the logs end now when they are others. */
  private async positionOf(reader: PartitionReader, last: StreamPosition | undefined): Promise<StreamPosition> {
    const ends = StreamPosition.of(await reader.positionsAt(STREAMED_TOPICS, 'latest'));
    if (last === undefined) return ends;
    if (last.isUpTo(ends)) return last;
    for (const client of this.clients) client.lost(ends);
    return ends;
  }

  private tell(run: Run, position: StreamPosition, message: ReceivedMessage): void {
    position.pass(message);
    if (this.run !== run) return;
    const streamed = new StreamedMessage(message);
    for (const client of this.clients) client.message(streamed);
  }

  private tellReachable(run: Run, isReachable: boolean): void {
    if (this.run !== run || this.isReachable === isReachable) return;
    this.isReachable = isReachable;
    for (const client of this.clients) client.kafka(isReachable);
  }
}
