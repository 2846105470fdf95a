import type { WireMessage } from '@backstep/messages';

/** A message with its place. */
export interface LogRecord extends WireMessage {
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds of simulated time. */
  readonly timestamp: number;
}

/** Partition number of a key: the same in every topic. FNV-1a (Fowler, Noll, Vo), which is all the spread that is needed here. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % partitions;
}

/** One partition of one topic. */
interface Lane {
  records: LogRecord[];
  readonly waiting: Set<() => void>;
  delayedUntil: number;
  /** By group. */
  readonly committed: Map<string, number>;
}

/** The partitions of all topics, the offsets of all groups, and the waiting readers. */
export class Log {
  awayUntil = 0;
  private readonly lanes = new Map<string, readonly Lane[]>();
  /** Its disk was lost: from then on offsets may be wrong, and messages are missing. */
  wiped = false;

  constructor(
    readonly topics: readonly string[],
    readonly partitions: number,
    private readonly clock: () => number,
    private readonly appended: (record: LogRecord, again: boolean) => void,
    /** A group's offset has passed this record. Not called after the log was lost, since offsets are then wrong. */
    private readonly passed: (group: string, record: LogRecord) => void,
  ) {
    const empty = (): Lane => ({ records: [], waiting: new Set(), delayedUntil: 0, committed: new Map() });
    for (const topic of topics) this.lanes.set(topic, Array.from({ length: partitions }, empty));
  }

  get isAway(): boolean {
    return this.awayUntil > this.clock();
  }

  /** @param again true when a fault produces the message again */
  append(message: WireMessage, again = false): void {
    const partition = partitionOf(message.key, this.partitions);
    const { topic, key, headers, value } = message;
    const { records, waiting } = this.lane(topic, partition);
    const id = headers['ce_id'] ?? '';
    const record = { topic, key, headers, value, id, partition, offset: records.length, timestamp: this.clock() };
    records.push(record);
    this.appended(record, again);
    const wakes = [...waiting];
    waiting.clear();
    for (const wake of wakes) wake();
  }

  read(topic: string, partition: number, from: number, max: number): readonly LogRecord[] {
    return this.lane(topic, partition).records.slice(from, from + max);
  }

  end(topic: string, partition: number): number {
    return this.lane(topic, partition).records.length;
  }

  /** Calls `wake` with the next record of this partition, once. */
  whenMore(topic: string, partition: number, wake: () => void): void {
    this.lane(topic, partition).waiting.add(wake);
  }

  delay(topic: string, partition: number, until: number): void {
    this.lane(topic, partition).delayedUntil = until;
  }

  delayOf(topic: string, partition: number): number {
    return Math.max(0, this.lane(topic, partition).delayedUntil - this.clock());
  }

  committed(group: string, topic: string, partition: number): number {
    return this.lane(topic, partition).committed.get(group) ?? 0;
  }

  commit(group: string, topic: string, partition: number, offset: number): void {
    const before = this.committed(group, topic, partition);
    this.lane(topic, partition).committed.set(group, offset);
    if (this.wiped) return;
    for (const record of this.read(topic, partition, before, offset - before)) this.passed(group, record);
  }

  rewind(group: string): void {
    for (const { committed } of this.all()) committed.delete(group);
  }

  /** Everything that lies in Kafka now. */
  get records(): LogRecord[] {
    return this.all().flatMap(({ records }) => records);
  }

  /** The disk is lost: topics are created anew, empty, and no group has an offset. */
  wipe(): void {
    for (const lane of this.all()) {
      lane.records = [];
      lane.committed.clear();
    }
    this.wiped = true;
  }

  heal(): void {
    this.awayUntil = Math.min(this.awayUntil, this.clock());
    for (const lane of this.all()) lane.delayedUntil = 0;
  }

  private all(): Lane[] {
    return [...this.lanes.values()].flat();
  }

  private lane(topic: string, partition: number): Lane {
    const lane = this.lanes.get(topic)?.[partition];
    if (!lane) throw new Error(`there is no ${topic}[${partition}]`);
    return lane;
  }
}
