import { backoffMs } from '@backstep/resilience';
import { accessProblem, asError, isRetryable, isTransient, isUnknownTopic, UnknownTopicError } from '../errors.js';
import type { MessageBatch } from '../message.js';
import { SILENT, type KafkaLogger, type KafkaOptions } from '../options.js';
import { DEFAULT_PARTITIONS } from '../partition.js';
import { delay, within } from '../time.js';
import { FaultPause } from './fault-pause.js';
import type { LogReset } from './committed-offsets.js';
import type { Membership } from './former-membership.js';
import type { ExpressHooks } from './express-side.js';
import { GroupSession } from './group-session.js';
import { BACKOFF, CLOSE_TIMEOUT_MS, FETCH_STALLED_MS, UNKNOWN_TOPIC_GRACE_MS } from './settings.js';

/** What a {@link BatchConsumer} reads, as which group, and whom it tells. */
export interface BatchConsumerOptions extends KafkaOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Default `DEFAULT_PARTITIONS`. All partitions are delivered concurrently. */
  readonly partitionsPerTopic?: number;
  /**
   * The name of the process, where several services run in one: in a group of which all members have one, shards are dealt by it, alike in all
   * groups of the same hosts.
   */
  readonly host?: string | undefined;
  /**
   * What the group tells of this member to whoever may describe the group, such as where it is reached: see `GroupMembers`. Asked at each join; at most
   * some kilobytes.
   */
  readonly address?: (() => string | undefined) | undefined;
  /** Awaited before any message of these partition numbers is delivered. Called again after a retryable error; any other is a crash. */
  onAssigned?(shards: readonly number[]): Promise<void>;
  /** Awaited after the batches in flight, before these partition numbers can go to another member; at most `REVOKE_TIMEOUT_MS`. */
  onRevoked?(shards: readonly number[]): Promise<void>;
  /** The consumer is dead and stays dead. Default: ends the process with code 1, so that its supervisor restarts it. */
  onCrash?(error: Error): void;
  /** After each batch that became durable: for metrics. */
  onBatch?(batch: {
    readonly topic: string;
    readonly partition: number;
    readonly size: number;
    readonly durationMs: number;
  }): void;
  /** A partition's log is not the one that was read before, so it is read from its beginning. For metrics; the consumer logs it. */
  onLogReset?(reset: LogReset): void;
  /** How long a declared topic may be unknown to Kafka before the consumer crashes. Default 30 s. */
  readonly unknownTopicGraceMs?: number;
  /** Absent: messages come from Kafka alone. */
  readonly express?: ExpressHooks | undefined;
  /** A kafkajs consumer that neither hears from Kafka nor handles anything for so long is replaced. Default 30 s. */
  readonly silenceTimeoutMs?: number;
}

/** How a {@link BatchConsumer} is, as of now. */
export interface ConsumerHealth {
  /** In the group, and Kafka answers. */
  readonly connected: boolean;
  /** Partitions per topic; empty while not in the group. */
  readonly assigned: Readonly<Record<string, readonly number[]>>;
  /** Milliseconds since 1970. */
  readonly lastFetchAt: number | undefined;
  /** Consumption is paused after a retryable error, usually because the database is away. */
  readonly paused: boolean;
  /** Messages not handled yet, as of the last fetches. */
  readonly lag: number;
  /** How often the log of a partition was not the one that was read before, and was read from its beginning. */
  readonly logResets: number;
  /** Set when the consumer is dead for good. */
  readonly crashed: Error | undefined;
}

/**
 * Delivers what a consumer group reads, one call per fetched partition, at least once, in order within a partition.
 *
 * There are three kinds of failure:
 * - Kafka is away, or kafkajs is stuck: connect again, for ever, with capped backoff; `connected` is false meanwhile.
 * - The handler's error is `retryable`: pause, then deliver the same messages again.
 * - Anything else is a bug: `onCrash`, because a live process with a dead consumer would go unnoticed.
 */
export class BatchConsumer {
  private readonly logger: KafkaLogger;
  private readonly closing = new AbortController();
  private readonly faultPause: FaultPause;
  private session: GroupSession | undefined;
  private supervision: Promise<void> | undefined;
  private crashed: Error | undefined;
  private unknownTopicSince: number | undefined;
  private logResets = 0;

  constructor(
    private readonly options: BatchConsumerOptions,
    private readonly handle: (batch: MessageBatch) => Promise<void>,
  ) {
    this.logger = options.logger ?? SILENT;
    this.faultPause = new FaultPause({
      pause: () => this.session?.pause(),
      resume: () => this.session?.resume(),
    });
  }

  /** Returns at once; Kafka may come later. */
  start(): void {
    this.supervision ??= this.supervise();
  }

  /** Stops fetching, waits for the batches in flight, commits their offsets, leaves the group; within `CLOSE_TIMEOUT_MS`. */
  async close(): Promise<void> {
    this.closing.abort();
    this.faultPause.stop();
    const graceful = Promise.all([this.session?.close(), this.supervision]);
    if (!(await within(CLOSE_TIMEOUT_MS, graceful))) this.logger.warn('the consumer did not close in time');
  }

  /** Whether the assigned partitions are certainly this consumer's own still: the group has confirmed it within a session. */
  get isOwner(): boolean {
    return this.session?.isOwner === true;
  }

  /** Whether it is their owner, and has been given all that lay in them a moment ago: see `EXPRESS_FETCH_MAX_AGE_MS`. Only with `express`. */
  get isCurrent(): boolean {
    return this.session?.isCurrent === true && !this.faultPause.active;
  }

  health(): ConsumerHealth {
    const { session } = this;
    const assigned = session?.assigned;
    const answered = Date.now() - (session?.lastFetchAt ?? 0) < FETCH_STALLED_MS;
    const working = session?.busy === true || this.faultPause.active;
    return {
      connected: assigned !== undefined && !this.crashed && (answered || working),
      assigned: assigned ?? {},
      lastFetchAt: session?.lastFetchAt,
      paused: this.faultPause.active,
      lag: session?.lag ?? 0,
      logResets: this.logResets,
      crashed: this.crashed,
    };
  }

  private async supervise(): Promise<void> {
    let former: Membership | undefined;
    for (let attempt = 0; !this.stopped; attempt++) {
      const session = this.openSession(former);
      try {
        await session.run();
      } catch (error) {
        if (this.closing.signal.aborted) {
          this.logger.debug('the consumer broke while it closed', { error });
        } else if (!isTransient(error) || this.topicStaysUnknown(error)) {
          const unknown = isUnknownTopic(error);
          this.crash(unknown ? new UnknownTopicError(this.options.topics, { cause: error }) : asError(error));
        } else {
          this.logAway(error);
        }
      }
      former = session.membership ?? former;
      if (session.membership) attempt = 0;
      if (!this.stopped) await delay(backoffMs(BACKOFF, attempt), this.closing.signal);
    }
  }

  private logAway(error: unknown): void {
    const { groupId } = this.options;
    const problem = accessProblem(error);
    if (problem !== undefined) this.logger.error(`${problem}; the consumer tries again`, { groupId, error });
    else this.logger.warn('Kafka is away; the consumer connects again', { groupId, error });
  }

  private get stopped(): boolean {
    return this.closing.signal.aborted || this.crashed !== undefined;
  }

  private openSession(former: Membership | undefined): GroupSession {
    const { partitionsPerTopic = DEFAULT_PARTITIONS } = this.options;
    return (this.session = new GroupSession(
      { ...this.options, partitionsPerTopic, former },
      {
        deliver: (batch) => this.deliver(batch),
        prepare: (shards, ended) => this.prepare(shards, ended),
        logReset: (reset) => this.onLogReset(reset),
        letGo: async (shards) => this.options.onRevoked?.(shards),
        joined: () => {
          this.unknownTopicSince = undefined;
          return this.faultPause.active ? 'paused' : 'running';
        },
      },
    ));
  }

  private onLogReset(reset: LogReset): void {
    this.logResets++;
    this.options.onLogReset?.(reset);
    const { groupId } = this.options;
    this.logger.warn('the committed offset is not of this log, which is read from its beginning', {
      groupId,
      ...reset,
    });
  }

  private async deliver(batch: MessageBatch): Promise<boolean> {
    if (this.stopped || this.faultPause.active) return false;
    const startedAt = performance.now();
    try {
      await this.handle(batch);
      const { topic, partition, messages } = batch;
      this.options.onBatch?.({ topic, partition, size: messages.length, durationMs: performance.now() - startedAt });
    } catch (error) {
      if (isRetryable(error)) this.pauseFor(error);
      else this.crash(asError(error));
      return false;
    }
    this.faultPause.succeeded();
    return true;
  }

  private pauseFor(error: unknown): void {
    const pauseMs = this.faultPause.trip();
    if (pauseMs !== undefined)
      this.logger.warn('consumption pauses, then the same messages come again', { pauseMs, error });
  }

  private async prepare(shards: readonly number[], ended: AbortSignal): Promise<void> {
    for (let attempt = 0; !ended.aborted && !this.stopped; attempt++) {
      try {
        await this.options.onAssigned?.(shards);
        return;
      } catch (error) {
        if (!isRetryable(error)) return this.crash(asError(error));
        this.logger.warn('assigned partitions are not ready yet', { shards, error });
      }
      await delay(backoffMs(BACKOFF, attempt), ended);
    }
  }

  private topicStaysUnknown(error: unknown): boolean {
    if (!isUnknownTopic(error)) return false;
    this.unknownTopicSince ??= Date.now();
    return Date.now() - this.unknownTopicSince >= (this.options.unknownTopicGraceMs ?? UNKNOWN_TOPIC_GRACE_MS);
  }

  private crash(error: Error): void {
    if (this.crashed) return;
    this.crashed = error;
    this.faultPause.stop();
    this.session?.pause();
    this.logger.error('the consumer crashed', { groupId: this.options.groupId, error });
    const { onCrash = () => process.exit(1) } = this.options;
    onCrash(error);
    void this.session?.close();
  }
}
