import type { Delivered } from '@backstep/inbox';
import type { OutboxMessage } from '@backstep/outbox';
import { identify } from '../work.js';
import { Gathering, type LoopClock } from './gathering.js';
import { ExpressLane } from './lane.js';

/** Messages and ids that one lane knows: some seconds of what a shard gets, at some 100 bytes each once they are handled. */
const LANE_MAX = 2_000;

/** What became of a message that was offered to a reader. `not-here`: this process does not own its shard, or does not read its topic. */
export type Taken = 'handed-over' | 'waits-for-kafka' | 'not-here';

/** What the lanes of a reader ask and call. */
export interface LanesParts {
  /** Topics that it reads. */
  readonly topics: readonly string[];
  /** Whether a handler takes messages of this type. */
  handles(message: Pick<Delivered, 'topic' | 'headers'>): boolean;
  /** Whether the message, which no express has brought, is handled or parked here, and not passed over. */
  concerns(delivered: Delivered): boolean;
  /** Handles a message that was handed over. Resolves to whether it is committed; never rejects. */
  run(message: OutboxMessage): Promise<boolean>;
}

/** Whether this process is the reader of its shards. */
export interface Reading {
  /**
   * Whether the group has confirmed within a session that its shards are this process's own, and Kafka has answered a fetch of each of its
   * brokers a moment ago: see `EXPRESS_FETCH_MAX_AGE_MS` of `@backstep/kafka`.
   */
  isCurrent(): boolean;
  /** The clocks of this process, which say when it is busy. Default: those of Node. */
  readonly clock?: LoopClock | undefined;
}

/** All lanes of one reader: one for each of its topics and shards. Without shards it takes nothing. */
export class ExpressLanes {
  /** By topic, then by shard. */
  private lanes: ReadonlyMap<string, ReadonlyMap<number, ExpressLane<OutboxMessage>>> = new Map();
  private ending: Promise<unknown> = Promise.resolve();
  private readonly gathering: Gathering;

  constructor(
    private readonly parts: LanesParts,
    private readonly reading: Reading,
  ) {
    this.gathering = new Gathering(reading.clock);
  }

  /** These shards are this process's own from now on. Their lanes begin closed. */
  own(shards: readonly number[]): void {
    this.endAll();
    const { parts, reading, gathering } = this;
    const isCurrent = (): boolean => reading.isCurrent();
    const run = (message: OutboxMessage): Promise<boolean> => parts.run(message);
    const lane = (): ExpressLane<OutboxMessage> => new ExpressLane({ max: LANE_MAX, gathering, isCurrent, run });
    this.lanes = new Map(
      parts.topics.map((topic) => [topic, new Map(shards.map((shard) => [shard, lane()]))] as const),
    );
  }

  /** Takes nothing more. Resolves when nothing that was handed over runs. Call it before the shards can go to another process. */
  async letGo(): Promise<void> {
    this.endAll();
    await this.ending;
  }

  /** A message was committed in this process, after all that was offered or skipped before. */
  offer(message: OutboxMessage): Taken {
    const lane = this.laneOf(message.topic, message.shard);
    if (!lane) return 'not-here';
    if (this.parts.handles(message)) return lane.offer(message);
    lane.passOver(message.id);
    return 'handed-over';
  }

  /** Whether a handler takes messages of this type. */
  handles(message: Pick<Delivered, 'topic' | 'headers'>): boolean {
    return this.parts.handles(message);
  }

  /** A committed message goes by Kafka alone. */
  skip(message: OutboxMessage): void {
    const lane = this.laneOf(message.topic, message.shard);
    if (lane && this.parts.handles(message)) lane.skip(message.id);
  }

  /** Something may lie in this partition that the reader was not given: its fetches stand still, or brought only a part. */
  close(topic: string, shard: number): void {
    this.laneOf(topic, shard)?.close();
  }

  /** Whether the message is committed by express. Asked once for each record that Kafka has brought, before it is decoded. */
  isHandled(topic: string, shard: number, id: string): boolean {
    return this.laneOf(topic, shard)?.forget(id.toLowerCase()) === true;
  }

  /** @returns those of a partition's records that are to be handled as Kafka has brought them. {@link settled} follows when they are. */
  async arrived(batch: readonly Delivered[]): Promise<readonly Delivered[]> {
    // All are asked before any is waited for: what comes by Kafka must not begin by express meanwhile.
    const known = batch.map((delivered) => this.isKnown(delivered));
    const left: Delivered[] = [];
    for (const [index, delivered] of batch.entries()) if (!(await known[index])) left.push(delivered);
    return left;
  }

  /** Records that {@link arrived} has left are handled. */
  settled(batch: readonly Delivered[]): void {
    const ids = new Map<ExpressLane<OutboxMessage>, string[]>();
    for (const delivered of batch) {
      const lane = this.laneOf(delivered.topic, delivered.partition);
      if (!lane) continue;
      const ofLane = ids.get(lane);
      const { id } = identify(delivered);
      if (ofLane) ofLane.push(id);
      else ids.set(lane, [id]);
    }
    for (const [lane, all] of ids) lane.settled(all);
  }

  /** The lane of a shard that is this process's own. A shard that went and came back has another lane than before. */
  laneOf(topic: string, shard: number): ExpressLane<OutboxMessage> | undefined {
    return this.lanes.get(topic)?.get(shard);
  }

  private isKnown(delivered: Delivered): boolean | Promise<boolean> {
    const lane = this.laneOf(delivered.topic, delivered.partition);
    if (!lane) return false;
    const { id } = identify(delivered);
    // What is passed over has no order with what is handled.
    if (!lane.knows(id) && !this.parts.concerns(delivered)) return false;
    return lane.arrived(id);
  }

  private endAll(): void {
    const all = [...this.lanes.values()].flatMap((ofTopic) => [...ofTopic.values()]);
    this.lanes = new Map();
    this.ending = Promise.all([this.ending, ...all.map((lane) => lane.end())]);
  }
}
