import type { Kernel } from './kernel.js';

/** What a process talks to. */
export type Peer = 'database' | 'kafka' | 'provider';

/** One instance of a service, from its start to its death. Its successor is another instance. */
export class SimulatedProcess {
  alive = true;
  /** After SIGSTOP: its events wait until this time. */
  stoppedUntil = 0;
  /** Since when its group has not heard from it. */
  silentSince = 0;
  clockAheadMs = 0;
  /** The peers that it cannot reach, and until when. */
  private readonly cutUntil = new Map<Peer, number>();
  /** The services that share the process of the operating system, this one included: they are killed, stopped and cut from Kafka together. */
  mates: readonly SimulatedProcess[] = [this];
  /** In which order its works were submitted, by message id; and how many were. */
  readonly submitted = new Map<string, number>();
  submissions = 0;
  private readonly whenDead: (() => void)[] = [];
  private readonly whenSilent: (() => void)[] = [];

  constructor(
    readonly service: string,
    readonly instance: number,
    private readonly kernel: Kernel,
  ) {}

  /** `inventory#1` */
  get name(): string {
    return `${this.service}#${this.instance}`;
  }

  reaches(peer: Peer): boolean {
    return (this.cutUntil.get(peer) ?? 0) <= this.kernel.now;
  }

  cut(peer: Peer, until: number): void {
    const all = peer === 'kafka' ? this.mates : [this];
    for (const mate of all) {
      if (peer === 'kafka') mate.fallSilent();
      mate.cutUntil.set(peer, until);
    }
  }

  /** SIGSTOP, and SIGCONT after `ms`. */
  stop(ms: number): void {
    for (const mate of this.mates) {
      mate.fallSilent();
      mate.stoppedUntil = Math.max(mate.stoppedUntil, this.kernel.now + ms);
    }
  }

  get isHeard(): boolean {
    return this.alive && this.stoppedUntil <= this.kernel.now && this.reaches('kafka');
  }

  heal(): void {
    this.cutUntil.clear();
    this.stoppedUntil = 0;
  }

  /** `act` is called before the group loses contact with the process. */
  onSilence(act: () => void): void {
    this.whenSilent.push(act);
  }

  onDeath(act: () => void): void {
    this.whenDead.push(act);
  }

  /** `kill -9`: its memory and its pending requests are lost. */
  kill(): void {
    for (const mate of this.mates) mate.die();
  }

  private die(): void {
    if (!this.alive) return;
    this.fallSilent();
    this.alive = false;
    for (const act of this.whenDead) act();
  }

  private fallSilent(): void {
    if (!this.isHeard) return;
    this.silentSince = this.kernel.now;
    for (const act of this.whenSilent) act();
  }
}
