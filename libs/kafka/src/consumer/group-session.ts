import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent, EachBatchPayload, RequestEvent } from 'kafkajs';
import { createClient } from '../client.js';
import { KafkaSilentError, MembershipUnknownError } from '../errors.js';
import { placeOf, toReceived } from '../message.js';
import { SILENT, type KafkaLogger } from '../options.js';
import { within } from '../time.js';
import { Assignment } from './assignment.js';
import { BetweenFetches } from './between-fetches.js';
import { checkCommittedOffsets, type OffsetCheck } from './committed-offsets.js';
import { ExpressSide } from './express-side.js';
import { leaveAsFormer, type Membership } from './former-membership.js';
import { Liveness } from './liveness.js';
import { LogMarks } from './log-marks.js';
import { OffsetCommitter } from './offset-committer.js';
import * as settings from './settings.js';
import type { SessionHandlers, SessionOptions } from './session-options.js';
import { shardAssigner } from './shard-assigner.js';
import { SlowPartitions } from './slow-partitions.js';

/** One kafkajs consumer, from its connect until it crashes or is closed. It is never restarted: the next session has a new consumer. */
export class GroupSession {
  private readonly logger: KafkaLogger;
  private readonly consumer: Consumer;
  private readonly offsets: OffsetCommitter;
  private readonly lagOf = new Map<string, bigint>();
  private readonly marks = new LogMarks();
  private readonly slow: SlowPartitions;
  private readonly betweenFetches = new BetweenFetches();
  private readonly ended: Promise<void>;
  private end: (reason?: Error) => void = () => undefined;
  private readonly ending = new AbortController();
  private heartbeat: () => Promise<void> = () => Promise.resolve();
  /** When the group last confirmed our membership: {@link performance.now}, which goes on while the process is frozen. */
  private memberAt = 0;
  private readonly liveness: Liveness;
  private readonly express: ExpressSide;
  private assignment: Assignment | undefined;
  private revoking: Promise<void> | undefined;
  /** When Kafka last answered a fetch, in ms since 1970. */
  lastFetchAt: number | undefined;
  membership: Membership | undefined;
  private former: Membership | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly handlers: SessionHandlers,
  ) {
    this.logger = options.logger ?? SILENT;
    this.former = options.former;
    this.express = new ExpressSide(options.express);
    this.liveness = new Liveness(options.silenceTimeoutMs ?? settings.SILENCE_TIMEOUT_MS);
    this.ended = new Promise((resolve, reject) => {
      this.end = (reason) => (reason ? reject(reason) : resolve());
    });
    // `run` awaits `ended`. A crash before that must not count as an unhandled rejection.
    this.ended.catch(() => undefined);
    this.consumer = createClient(options).consumer({
      ...settings.CONSUMER,
      groupId: options.groupId,
      partitionAssigners: [
        shardAssigner({
          owned: () => (this.membership ?? this.options.former)?.shards ?? [],
          host: options.host,
          address: options.address,
          beforeJoin: () => this.revoke(),
          atCoordinator: (coordinator, cluster) => {
            checkCommittedOffsets(cluster, coordinator, (check) => this.onOffsetCheck(check));
            const { former } = this;
            this.former = undefined;
            return former ? leaveAsFormer(former, coordinator, this.options, this.ending.signal) : Promise.resolve();
          },
        }),
      ],
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.slow = new SlowPartitions(
      this.consumer,
      options.topics,
      (action) => this.steer(action),
      ({ topic, partition }) => this.express.behind({ [topic]: [partition] }),
    );
    this.offsets = new OffsetCommitter(
      (positions) => this.consumer.commitOffsets(positions),
      (error) => this.logger.debug('offsets were not committed; they will be with the next', { error }),
    );
    this.listen();
  }

  /** Runs until `close` (resolves) or until kafkajs gives up (throws its reason). */
  async run(): Promise<void> {
    const starting = this.start();
    const beat = setInterval(() => {
      this.beat();
      this.listenForSilence();
    }, settings.HEARTBEAT_INTERVAL_MS);
    try {
      await Promise.race([starting, this.ended]);
      await this.ended;
    } finally {
      this.ending.abort();
      await this.revoke();
      clearInterval(beat);
      this.offsets.clear();
      await this.disconnect();
      // Closed while still connecting: a late connection is closed as well, and a late failure concerns nobody.
      void starting.then(() => this.disconnect()).catch(() => undefined);
    }
  }

  /** Waits for the batches in flight, commits their offsets, leaves the group. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.ending.abort();
    this.pause();
    await this.revoke();
    this.end();
  }

  pause(): void {
    this.slow.pauseAll();
    this.express.behind(this.assigned);
  }

  resume(): void {
    this.slow.resumeAll();
  }

  get assigned(): Readonly<Record<string, readonly number[]>> | undefined {
    return this.assignment?.topics;
  }

  get busy(): boolean {
    return this.assignment?.busy ?? false;
  }

  /** Whether the group has confirmed our membership within a session, and each broker has answered a fetch a moment ago. */
  get isCurrent(): boolean {
    return this.isOwner && this.express.isFresh;
  }

  /** Whether the assigned partitions are certainly ours still. */
  get isOwner(): boolean {
    return this.assignment !== undefined && !this.closed && this.isMember;
  }

  private onOffsetCheck(check: OffsetCheck): void {
    const position = this.marks.checked(check);
    if (check.reset) this.handlers.logReset(check.reset);
    if (position) this.offsets.resolved(position);
  }

  /** How many messages of our partitions were not handled when Kafka last answered a fetch. */
  get lag(): number {
    return Number([...this.lagOf.values()].reduce((sum, lag) => sum + lag, 0n));
  }

  /** A crashed kafkajs consumer throws from pause and resume before its crash event reaches us. The next session asks `joined` instead. */
  private steer(action: () => void): void {
    if (!this.assignment) return;
    try {
      action();
    } catch (error) {
      this.logger.debug('the consumer has stopped already', { error });
    }
  }

  private get closed(): boolean {
    return this.ending.signal.aborted;
  }

  private async start(): Promise<void> {
    const { topics, partitionsPerTopic } = this.options;
    await this.consumer.connect();
    if (this.closed) return;
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    if (this.closed) return;
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: topics.length * partitionsPerTopic,
      eachBatch: (payload) => this.betweenFetches.gather(() => this.onBatch(payload)),
    });
  }

  private listen(): void {
    const { CRASH, GROUP_JOIN, HEARTBEAT, REBALANCING, REQUEST } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }: ConsumerCrashEvent) => this.end(payload.error));
    this.consumer.on(GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => this.onJoin(payload));
    this.consumer.on(HEARTBEAT, () => {
      this.memberAt = performance.now();
      this.liveness.heartbeatAnswered();
    });
    this.consumer.on(REBALANCING, () => this.liveness.rebalancing());
    this.express.listenTo(this.consumer);
    this.consumer.on(REQUEST, ({ payload }: RequestEvent) => {
      this.liveness.requestAnswered();
      if (payload.apiName === 'Fetch') this.lastFetchAt = Date.now();
    });
  }

  private onJoin({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    if (this.closed) return;
    this.liveness.joined();
    this.lastFetchAt = Date.now();
    this.memberAt = performance.now();
    const assignment = new Assignment(memberAssignment, (shards, ended) => this.handlers.prepare(shards, ended));
    this.assignment = assignment;
    this.membership = { memberId, shards: assignment.shards };
    if (this.handlers.joined() === 'paused') this.pause();
    this.logger.info('joined the consumer group', { groupId: this.options.groupId, shards: assignment.shards });
  }

  private async onBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { assignment } = this;
    const { topic, partition } = batch;
    const last = batch.messages.at(-1);
    if (!assignment || !last) return;
    this.heartbeat = heartbeat;
    const work = async (slowly: <T>(part: Promise<T>) => Promise<T>): Promise<void> => {
      if (!isRunning() || isStale()) return;
      await this.ensureMember();
      const place = `${topic}/${partition}`;
      this.lagOf.set(place, BigInt(batch.offsetLagLow()) + 1n);
      const messages = this.express.unhandled(batch).map((record) => toReceived(topic, partition, record));
      const durable = messages.length === 0 || (await slowly(this.handlers.deliver({ topic, partition, messages })));
      // If the partition was lost meanwhile, its next owner reads the batch again, and the inbox knows its messages.
      if (!durable || this.assignment !== assignment) return;
      resolveOffset(last.offset);
      const metadata = this.marks.of(place, placeOf(last));
      this.offsets.resolved({ topic, partition, offset: String(BigInt(batch.lastOffset()) + 1n), metadata });
      this.lagOf.set(place, BigInt(batch.offsetLag()));
    };
    await this.slow.run({ topic, partition }, (slowly) => assignment.run(() => work(slowly)));
  }

  /**
   * kafkajs sends heartbeats between batches only; a long batch needs them too. kafkajs repeats a heartbeat that failed here
   * after the batch, and acts on that one.
   */
  private beat(): void {
    if (!this.busy) return;
    this.heartbeat().catch((error: unknown) => this.logger.debug('a heartbeat failed during a batch', { error }));
  }

  private listenForSilence(): void {
    const { busy, closed } = this;
    const silent = this.liveness.beat({ quiet: busy || closed, member: this.assignment !== undefined && !closed });
    if (silent !== undefined) this.end(new KafkaSilentError(silent));
  }

  /**
   * Membership is a lease. A lease that may have expired (the process was frozen, Kafka was out of reach) is renewed before messages that
   * were fetched under it are handled. Otherwise another member may own these partitions by now, and have handled later messages.
   * @throws an error for which kafkajs joins the group anew, when we are no longer in it
   */
  private async ensureMember(): Promise<void> {
    if (this.isMember) return;
    await this.heartbeat();
    if (this.isMember) return;
    // kafkajs times heartbeats by the wall clock. When the clock is set back by an hour, it sends none for an hour. A new consumer does.
    const unknown = new MembershipUnknownError('no heartbeat within the session timeout');
    this.end(unknown);
    throw unknown;
  }

  private get isMember(): boolean {
    return performance.now() - this.memberAt < settings.SESSION_TIMEOUT_MS;
  }

  /** Gives the partitions back, once per assignment, however often it is called. Never throws. */
  private revoke(): Promise<void> {
    this.revoking ??= this.letGo().finally(() => {
      this.revoking = undefined;
    });
    return this.revoking;
  }

  private async letGo(): Promise<void> {
    const { assignment } = this;
    if (!assignment) return;
    try {
      // Too late, `letGo` would concern the next assignment.
      const letGo = () => (this.assignment === assignment ? this.handlers.letGo(assignment.shards) : undefined);
      const work = assignment.drain().then(letGo);
      const inTime = await within(settings.REVOKE_TIMEOUT_MS, work);
      if (!inTime) this.logger.warn('gave partitions up with work in flight', { shards: assignment.shards });
    } catch (error) {
      this.logger.warn('could not let go of partitions cleanly', { error });
    }
    await within(settings.DISCONNECT_TIMEOUT_MS, this.offsets.flush());
    this.offsets.clear();
    this.slow.comeBackAll();
    this.lagOf.clear();
    this.express.clear();
    this.assignment = undefined;
  }

  private async disconnect(): Promise<void> {
    try {
      await within(settings.DISCONNECT_TIMEOUT_MS, this.consumer.disconnect());
    } catch (error) {
      this.logger.debug('the consumer was gone before it could disconnect', { error });
    }
  }
}
