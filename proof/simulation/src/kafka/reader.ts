import type { MessageConsumer } from '@backstep/unit-of-work';
import type { OutboxRelay } from '@backstep/outbox';
import type { Kernel } from '../world/kernel.js';
import type { Network } from '../world/network.js';
import type { SimulatedProcess } from '../world/process.js';
import { ViolationError } from '../world/violation.js';
import type { Windows } from '../world/windows.js';
import type { Group, Member } from './group.js';
import type { Log } from './log.js';

/** The most messages of one delivery. */
const FETCH_MAX = 5;
/** Offsets are committed behind the work, up to this much later, milliseconds. */
const COMMIT_WITHIN_MS = 1_000;
/** How long a revoked partition is kept until the messages in flight are handled, milliseconds. */
const REVOKE_TIMEOUT_MS = 4_000;
/** As `EXPRESS_FETCH_MAX_AGE_MS` of `libs/kafka`. */
const FETCH_MAX_AGE_MS = 1_500;
/** How long a reader waits after a retryable failure, milliseconds. */
const AGAIN_MS = 200;

/** One partition of one topic, as one process reads it. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  position: number;
  ended: boolean;
  delivering: Promise<void> | undefined;
  /** Nothing to read: the next record wakes the reader. */
  idle: boolean;
  /** When it had been given all that lay in the partition. */
  fetchedAt: number;
}

export interface ReaderParts {
  readonly process: SimulatedProcess;
  readonly topics: readonly string[];
  readonly log: Log;
  readonly group: Group;
  readonly consumer: Pick<MessageConsumer, 'deliver' | 'lanes'>;
  /** Whether its process hands messages over by express. */
  readonly isExpress: boolean;
  readonly relay: Pick<OutboxRelay, 'own' | 'drained'>;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly windows: Windows;
  /** Ends the run. */
  readonly broken: (violation: ViolationError) => void;
}

/**
 * Reads the partitions that its group assigns and delivers their messages to the process, in order within a partition, at least once.
 * It stands in for `libs/kafka`, with the same rules: a shard is owned before its messages are handled, offsets are committed later in the
 * background, and messages that failed retryably are delivered again.
 */
export class Reader implements Member {
  readonly process: SimulatedProcess;
  private lanes: Lane[] = [];
  private owned: readonly number[] = [];

  constructor(private readonly parts: ReaderParts) {
    this.process = parts.process;
  }

  /** The group's offsets were reset, or the log was replaced: reading begins at the group's offset. */
  reposition(): void {
    const { log, group } = this.parts;
    for (const lane of this.lanes) {
      lane.position = log.committed(group.name, lane.topic, lane.partition);
      this.wake(lane);
    }
    this.parts.consumer.lanes?.own(this.owned);
  }

  /** Whether its partitions are certainly its own still. */
  get isOwner(): boolean {
    return this.parts.group.isOwner(this);
  }

  /** Whether it is their owner, and was given all that lay in them a moment ago. */
  get isCurrent(): boolean {
    const { now } = this.parts.kernel;
    return this.isOwner && this.lanes.every((lane) => now - this.givenAt(lane) <= FETCH_MAX_AGE_MS);
  }

  /** A fetch that finds nothing is answered within a second; here it is as if it was answered now. */
  private givenAt(lane: Lane): number {
    if (lane.idle && this.isInTouch(lane)) lane.fetchedAt = this.parts.kernel.now;
    return lane.fetchedAt;
  }

  private isInTouch({ topic, partition }: Lane): boolean {
    const { log } = this.parts;
    return this.process.isHeard && !log.isAway && log.delayOf(topic, partition) === 0;
  }

  /** Whether this partition is read to its end and all of it is handled. */
  isThrough(topic: string, partition: number): boolean {
    const lane = this.lanes.find((one) => one.topic === topic && one.partition === partition);
    return lane !== undefined && !lane.delivering && lane.position >= this.parts.log.end(topic, partition);
  }

  assigned(partitions: readonly number[]): void {
    this.owned = partitions;
    void this.own();
  }

  async revoked(partition: number): Promise<void> {
    const { log, group } = this.parts;
    this.owned = this.owned.filter((one) => one !== partition);
    const letGo = this.letGoExpress();
    const lanes = this.end((lane) => lane.partition === partition);
    await this.letGo(lanes, letGo);
    if (this.process.reaches('kafka')) {
      for (const lane of lanes) log.commit(group.name, lane.topic, lane.partition, lane.position);
    }
    void this.own();
  }

  async expelled(): Promise<void> {
    this.owned = [];
    const letGo = this.letGoExpress();
    await this.letGo(
      this.end(() => true),
      letGo,
    );
  }

  private letGoExpress(): Promise<void> {
    return this.parts.consumer.lanes?.letGo() ?? Promise.resolve();
  }

  private end(which: (lane: Lane) => boolean): Lane[] {
    const ended = this.lanes.filter(which);
    this.lanes = this.lanes.filter((lane) => !which(lane));
    for (const lane of ended) lane.ended = true;
    return ended;
  }

  /** Waits, with a bound, until the messages in flight are handled and their answers are sent. */
  private async letGo(lanes: readonly Lane[], express: Promise<void>): Promise<void> {
    const { kernel, relay } = this.parts;
    const running = [express, ...lanes.flatMap(({ delivering }) => delivering ?? [])];
    const settled = Promise.all(running).then(() => relay.drained());
    const timeUp = new Promise<void>((resolve) => kernel.after(REVOKE_TIMEOUT_MS, resolve, this.process));
    await Promise.race([settled, timeUp]);
  }

  private async own(): Promise<void> {
    const { kernel, relay, topics, log, group } = this.parts;
    const partitions = this.owned;
    try {
      await (this.parts.isExpress ? relay.own(partitions, () => this.isOwner) : relay.own(partitions));
    } catch {
      // The table cannot be read: as Kafka's consumer does, again until it works.
      kernel.after(AGAIN_MS, () => void this.own(), this.process);
      return;
    }
    this.parts.consumer.lanes?.own(this.owned);
    for (const partition of partitions) {
      if (!this.owned.includes(partition) || this.lanes.some((lane) => lane.partition === partition)) continue;
      for (const topic of topics) {
        const position = log.committed(group.name, topic, partition);
        const from = { topic, partition, position, fetchedAt: -Infinity };
        const lane: Lane = { ...from, ended: false, delivering: undefined, idle: false };
        this.lanes.push(lane);
        this.fetch(lane);
      }
    }
  }

  private fetch(lane: Lane): void {
    const { kernel, network, log } = this.parts;
    if (lane.position === log.end(lane.topic, lane.partition)) return this.rest(lane);
    const inMs = network.latency('kafka') + log.delayOf(lane.topic, lane.partition);
    kernel.after(inMs, () => this.fetched(lane), this.process);
  }

  /** There is nothing to read. */
  private rest(lane: Lane): void {
    lane.idle = true;
    this.parts.log.whenMore(lane.topic, lane.partition, () => this.wake(lane));
  }

  private wake(lane: Lane): void {
    if (!lane.idle) return;
    this.givenAt(lane);
    lane.idle = false;
    this.fetch(lane);
  }

  private fetched(lane: Lane): void {
    const { kernel, log, group } = this.parts;
    if (lane.ended) return;
    if (!this.process.reaches('kafka') || log.isAway || log.delayOf(lane.topic, lane.partition) > 0) {
      return void kernel.after(AGAIN_MS, () => this.fetch(lane), this.process);
    }
    // The fetched messages are dropped: another member reads them.
    if (group.isOut(this)) return;
    // The position lies beyond the end of a lost log: reading begins at its start.
    if (lane.position > log.end(lane.topic, lane.partition)) lane.position = 0;
    const max = kernel.random.between(1, FETCH_MAX);
    const records = log.read(lane.topic, lane.partition, lane.position, max);
    if (records.length === 0) return this.rest(lane);
    const from = lane.position;
    lane.fetchedAt = kernel.now;
    const { lanes } = this.parts.consumer;
    // A fetch that brought a part.
    if (log.end(lane.topic, lane.partition) > from + records.length) lanes?.close(lane.topic, lane.partition);
    const delivered = records
      .filter(({ id }) => !lanes?.isHandled(lane.topic, lane.partition, id))
      .map((record) => ({ ...record, offset: String(record.offset) }));
    lane.delivering = this.parts.consumer.deliver(delivered).then(
      () => this.handled(lane, from, from + records.length),
      (error: unknown) => this.failed(lane, error),
    );
  }

  private handled(lane: Lane, from: number, next: number): void {
    const { kernel, windows, log, group } = this.parts;
    lane.delivering = undefined;
    windows.pass(this.process, 'before offset commit');
    if (!this.process.alive) return;
    // Unless the position was set back meanwhile.
    if (lane.position === from) lane.position = next;
    const { topic, partition, position } = lane;
    kernel.after(
      kernel.random.below(COMMIT_WITHIN_MS),
      () => {
        if (!lane.ended && this.process.reaches('kafka') && log.end(topic, partition) >= position)
          log.commit(group.name, topic, partition, position);
        return false;
      },
      this.process,
    );
    if (!lane.ended) this.fetch(lane);
  }

  private failed(lane: Lane, error: unknown): void {
    lane.delivering = undefined;
    if ((error as { retryable?: boolean }).retryable !== true) {
      return this.parts.broken(new ViolationError('crash', `${this.process.name} cannot go on: ${String(error)}`));
    }
    this.parts.kernel.after(AGAIN_MS, () => this.fetch(lane), this.process);
  }
}
