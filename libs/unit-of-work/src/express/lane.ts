import type { Gathering } from './gathering.js';

/** A message that was handed over. */
export interface LaneMessage {
  readonly id: string;
  readonly key: string;
}

/** Messages of one wave: as many as a batch of the unit of work has. */
const WAVE_MAX = 256;

/** Ids of messages that Kafka brought before anybody handed them over: a peer's frame may come after Kafka's copy, by a second or so. */
const BROUGHT_MAX = 1_024;

/** What a lane asks and calls. */
export interface LaneParts<M> {
  /** Messages and ids that the lane knows at most. What is beyond goes by Kafka alone. */
  readonly max: number;
  /** Whether this process owns the shard, and has heard from Kafka a moment ago. */
  isCurrent(): boolean;
  /** Handles the message. Resolves to whether it is committed; never rejects. */
  run(message: M): Promise<boolean>;
  /** Says when a wave begins. Absent: at once. */
  readonly gathering?: Pick<Gathering, 'join' | 'began'> | undefined;
}

/**
 * One topic and shard, as one reader gets it by express beside Kafka. A message of a key is never handled before an earlier one of that key.
 *
 * The lane is open while everything that Kafka has brought in it had come by express before. Otherwise the next message goes by Kafka alone, as a
 * barrier, and what is committed after the barrier waits here until Kafka has brought it: then Kafka has brought all that lies before it.
 * See docs/decisions/0057-the-barrier.md.
 */
export class ExpressLane<M extends LaneMessage = LaneMessage> {
  /** Handed over and not begun, in the order of their commits. */
  private readonly queue = new Map<string, M>();
  /** The wave: each key once, so that nothing is behind a message that fails. Each resolves to whether it is committed. */
  private readonly running = new Map<string, Promise<boolean>>();
  /** Ids of committed messages that Kafka has not brought yet. */
  private readonly handled = new Set<string>();
  /** Ids of messages that come by Kafka, and must be handled, before the queue goes on. */
  private readonly behind = new Set<string>();
  /** Ids of messages that Kafka brought and the lane did not know, the oldest first. Handed over now, they would wait for a copy that never comes. */
  private readonly brought = new Set<string>();
  /** True: something may lie in Kafka that is unknown here, so the next message is the barrier. Of a new lane that is all of the past. */
  private wantsBarrier = true;
  private ended = false;
  private waveEnded: (() => void) | undefined;

  constructor(private readonly parts: LaneParts<M>) {}

  /**
   * A message was committed, after all that the same sender offered or skipped before.
   * @returns `waits-for-kafka`: Kafka's copy is waited for, so it must be sent at once
   */
  offer(message: M): 'handed-over' | 'waits-for-kafka' {
    if (this.ended) return 'waits-for-kafka';
    if (this.brought.has(message.id)) return 'handed-over';
    if (this.isFull || !this.parts.isCurrent()) {
      this.wantsBarrier = true;
      return 'waits-for-kafka';
    }
    if (this.wantsBarrier) {
      this.wantsBarrier = false;
      this.behind.add(message.id);
      return 'waits-for-kafka';
    }
    this.queue.set(message.id, message);
    if (this.behind.size > 0) return 'waits-for-kafka';
    this.begin();
    return 'handed-over';
  }

  /** A committed message goes by Kafka alone. */
  skip(id: string): void {
    if (this.ended || this.queue.has(id) || this.running.has(id) || this.handled.has(id) || this.brought.has(id))
      return;
    if (this.isFull) this.wantsBarrier = true;
    else this.behind.add(id);
  }

  /** Something may lie in Kafka that this reader was not given. */
  close(): void {
    this.wantsBarrier = true;
  }

  /**
   * Nothing is to be done for a message that was offered, as nobody here handles its type.
   * Its id is kept, so that Kafka's copy need not be decoded.
   */
  passOver(id: string): void {
    if (!this.ended && !this.isFull) this.handled.add(id);
  }

  /** Kafka has brought the message. @returns whether it is committed already; its id is forgotten then */
  forget(id: string): boolean {
    return this.handled.delete(id);
  }

  /** Whether the lane knows the message: one that it does not know has come by Kafka alone. */
  knows(id: string): boolean {
    return this.handled.has(id) || this.running.has(id) || this.queue.has(id) || this.behind.has(id);
  }

  /**
   * Kafka has brought the message. {@link settled} is to follow for one that is not committed, once it is handled.
   * @returns whether it is committed by express, so that Kafka's copy is dropped; a promise of that while it runs
   */
  arrived(id: string): boolean | Promise<boolean> {
    if (this.handled.delete(id)) return true;
    const running = this.running.get(id);
    if (running) return running.then((committed) => committed && (this.handled.delete(id), true));
    // Kafka's copy counts, and nothing of the queue begins before it is handled.
    if (this.queue.delete(id)) this.behind.add(id);
    else if (!this.behind.has(id)) this.bring(id);
    return false;
  }

  /** Messages that Kafka has brought are handled: committed, parked, or passed over. */
  settled(ids: readonly string[]): void {
    for (const id of ids) this.behind.delete(id);
    this.begin();
  }

  /** Takes nothing more. Resolves when nothing of the lane runs. */
  async end(): Promise<void> {
    this.ended = true;
    this.queue.clear();
    await Promise.all(this.running.values());
  }

  /** Kafka has brought what nobody has handed over. */
  private bring(id: string): void {
    this.wantsBarrier = true;
    this.brought.add(id);
    if (this.brought.size <= BROUGHT_MAX) return;
    for (const oldest of this.brought) {
      this.brought.delete(oldest);
      break;
    }
  }

  private get isFull(): boolean {
    const { queue, running, handled, behind } = this;
    return queue.size + running.size + handled.size + behind.size >= this.parts.max;
  }

  /** Begins the next wave, unless one runs or Kafka is waited for: at once, or a little later, with those of other lanes. */
  private begin(): void {
    if (!this.isWaiting) return;
    const { gathering } = this.parts;
    if (gathering) gathering.join(this.beginWave);
    else this.beginWave();
  }

  private readonly beginWave = (): void => {
    if (!this.isWaiting || this.wantsBarrier || this.ended || !this.parts.isCurrent()) return;
    this.waveEnded = this.parts.gathering?.began();
    for (const message of this.wave()) {
      this.queue.delete(message.id);
      this.running.set(
        message.id,
        this.parts.run(message).then((committed) => this.ran(message.id, committed)),
      );
    }
  };

  /** Whether messages wait for nothing but their turn. */
  private get isWaiting(): boolean {
    return this.queue.size > 0 && this.running.size === 0 && this.behind.size === 0;
  }

  private wave(): M[] {
    const byKey = new Map<string, M>();
    for (const message of this.queue.values()) {
      if (byKey.size === WAVE_MAX) break;
      if (!byKey.has(message.key)) byKey.set(message.key, message);
    }
    return [...byKey.values()];
  }

  private ran(id: string, committed: boolean): boolean {
    this.running.delete(id);
    // What failed is Kafka's: its copy is the barrier.
    (committed ? this.handled : this.behind).add(id);
    if (this.running.size === 0) this.waveEnded?.();
    this.begin();
    return committed;
  }
}
