import type { Kernel } from './kernel.js';

/** What a process talks to. */
export type Peer = 'database' | 'kafka' | 'provider';

/** One instance of a service, from its start to its death. What starts in its place is another one. */
export class SimulatedProcess {
  alive = true;
  /** SIGSTOP: until then nothing of it happens. */
  stoppedUntil = 0;
  /** When its group last began to hear nothing of it. */
  silentSince = 0;
  clockAheadMs = 0;
  /** To whom it cannot talk, and until when. */
  private readonly cutUntil = new Map<Peer, number>();
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
    if (peer === 'kafka') this.fallSilent();
    this.cutUntil.set(peer, until);
  }

  /** SIGSTOP, and SIGCONT after `ms`. */
  stop(ms: number): void {
    this.fallSilent();
    this.stoppedUntil = Math.max(this.stoppedUntil, this.kernel.now + ms);
  }

  get isHeard(): boolean {
    return this.alive && this.stoppedUntil <= this.kernel.now && this.reaches('kafka');
  }

  heal(): void {
    this.cutUntil.clear();
    this.stoppedUntil = 0;
  }

  /** `act` is called before its group hears nothing of it any more. */
  onSilence(act: () => void): void {
    this.whenSilent.push(act);
  }

  onDeath(act: () => void): void {
    this.whenDead.push(act);
  }

  /** `kill -9`: its memory is gone, and whatever it waited for. */
  kill(): void {
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
