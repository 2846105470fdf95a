import type { WireMessage } from '@backstep/contracts';

/** A message where it lies. */
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

/** The partitions of all topics, the offsets of all groups, and who waits for what. */
export class Log {
  awayUntil = 0;
  private readonly records = new Map<string, LogRecord[]>();
  private readonly offsets = new Map<string, number>();
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly delayedUntil = new Map<string, number>();
  private wiped = false;

  constructor(
    readonly topics: readonly string[],
    readonly partitions: number,
    private readonly clock: () => number,
    private readonly appended: (record: LogRecord, again: boolean) => void,
    /** A group's offset has gone over this record. Not told any more when the log was lost: then offsets lie. */
    private readonly passed: (group: string, record: LogRecord) => void,
  ) {
    for (const topic of topics) {
      for (let partition = 0; partition < partitions; partition++) this.records.set(laneOf(topic, partition), []);
    }
  }

  get isAway(): boolean {
    return this.awayUntil > this.clock();
  }

  /** @param again it is produced again by nobody in particular: a fault */
  append(message: WireMessage, again = false): void {
    const partition = partitionOf(message.key, this.partitions);
    const lane = laneOf(message.topic, partition);
    const records = this.records.get(lane);
    if (!records) throw new Error(`there is no topic ${message.topic}`);
    const { topic, key, headers, value } = message;
    const id = headers['ce_id'] ?? '';
    const record = { topic, key, headers, value, id, partition, offset: records.length, timestamp: this.clock() };
    records.push(record);
    this.appended(record, again);
    const waiting = this.waiting.get(lane);
    this.waiting.delete(lane);
    for (const wake of waiting ?? []) wake();
  }

  read(topic: string, partition: number, from: number, max: number): readonly LogRecord[] {
    const records = this.records.get(laneOf(topic, partition)) ?? [];
    return from >= records.length ? [] : records.slice(from, from + max);
  }

  end(topic: string, partition: number): number {
    return this.records.get(laneOf(topic, partition))?.length ?? 0;
  }

  /** Calls `wake` with the next record of this partition, once. */
  whenMore(topic: string, partition: number, wake: () => void): void {
    const lane = laneOf(topic, partition);
    const waiting = this.waiting.get(lane);
    if (waiting) waiting.add(wake);
    else this.waiting.set(lane, new Set([wake]));
  }

  delay(topic: string, partition: number, until: number): void {
    this.delayedUntil.set(laneOf(topic, partition), until);
  }

  delayOf(topic: string, partition: number): number {
    if (this.delayedUntil.size === 0) return 0;
    return Math.max(0, (this.delayedUntil.get(laneOf(topic, partition)) ?? 0) - this.clock());
  }

  committed(group: string, topic: string, partition: number): number {
    return this.offsets.get(`${group} ${laneOf(topic, partition)}`) ?? 0;
  }

  commit(group: string, topic: string, partition: number, offset: number): void {
    const before = this.committed(group, topic, partition);
    this.offsets.set(`${group} ${laneOf(topic, partition)}`, offset);
    if (this.wiped) return;
    for (const record of this.read(topic, partition, before, offset - before)) this.passed(group, record);
  }

  rewind(group: string): void {
    for (const name of this.offsets.keys()) if (name.startsWith(`${group} `)) this.offsets.set(name, 0);
  }

  /** Everything that lies in Kafka now. */
  *all(): Generator<LogRecord> {
    for (const records of this.records.values()) yield* records;
  }

  /** The disk is lost: topics are made anew, empty; no group has an offset. */
  wipe(): void {
    for (const lane of this.records.keys()) this.records.set(lane, []);
    this.offsets.clear();
    this.wiped = true;
  }

  heal(): void {
    this.awayUntil = 0;
    this.delayedUntil.clear();
  }
}

const laneOf = (topic: string, partition: number): string => `${topic}/${partition}`;
