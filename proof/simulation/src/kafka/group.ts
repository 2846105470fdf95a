import type { Kernel } from '../world/kernel.js';
import type { SimulatedProcess } from '../world/process.js';
import type { Story } from '../world/story.js';
import type { Log } from './log.js';

/** How long a member may be silent before its partitions go to others, milliseconds. */
export const SESSION_MS = 6_000;
/** How long a member that comes back goes on at most before it learns that it is expelled, milliseconds; unless it asks earlier. */
const LEARNS_WITHIN_MS = 1_000;
const JOIN_MS = 50;
/** How long a member that does not reach its coordinator waits before it tries again, milliseconds. */
const TRY_AGAIN_MS = 200;

/** The callbacks of a member. */
export interface Member {
  readonly process: SimulatedProcess;
  /** These partitions, of every topic, are its own now. */
  assigned(partitions: readonly number[]): void;
  /** Gives a partition up: resolves when nothing of it is in flight, or when that takes too long. */
  revoked(partition: number): Promise<void>;
  /** The member was expelled: resolves when it has given all partitions up, and may join again. */
  expelled(): Promise<void>;
}

/**
 * A consumer group. A partition has one owner. It gets another when its owner has given it up or was silent for a session: then the old owner
 * may not know yet. Partition p of every topic goes to the same member, as in Backstep.
 */
export class Group {
  private members: Member[] = [];
  private readonly owners = new Map<number, Member>();
  private readonly leaving = new Set<number>();
  /** Members that are expelled and do not know it. */
  private readonly unaware = new Set<Member>();
  private rebalancing = false;

  constructor(
    readonly name: string,
    private readonly partitions: number,
    private readonly log: Log,
    private readonly kernel: Kernel,
    private readonly story: Story,
    /** A member was expelled while it lived. */
    private readonly takenForDead: () => void,
  ) {}

  join(member: Member): void {
    this.whenItReaches(member, JOIN_MS, () => {
      if (this.members.includes(member)) return;
      this.members = [...this.members, member].sort((a, b) => (a.process.name < b.process.name ? -1 : 1));
      this.rebalance();
    });
  }

  /** The member is silent. After a session of silence it is expelled. A coordinator that was away gives every member a new session. */
  silent(member: Member): void {
    const { process } = member;
    const since = process.silentSince;
    const sessionEnds = Math.max(since, this.log.awayUntil) + SESSION_MS;
    this.kernel.after(sessionEnds - this.kernel.now, () => {
      if (process.isHeard || process.silentSince !== since || !this.members.includes(member)) return;
      if (this.log.awayUntil + SESSION_MS > this.kernel.now) this.silent(member);
      else this.expel(member);
    });
  }

  /**
   * A member that was silent for so long that it may be expelled asks this before it hands fetched messages over, as in
   * `libs/kafka/src/consumer/group-session.ts`. Only a member that was silent for a session can be expelled, so it may as well always ask.
   */
  isOut(member: Member): boolean {
    if (!this.unaware.has(member)) return false;
    this.learn(member);
    return true;
  }

  /** Whether the member's heartbeats were answered within a session. */
  isOwner(member: Member): boolean {
    const { process } = member;
    return this.members.includes(member) && (process.isHeard || this.kernel.now - process.silentSince < SESSION_MS);
  }

  private expel(member: Member): void {
    const { process } = member;
    this.story.tell(() => `${process.name} is out of its group, which takes it for dead`);
    if (process.alive) this.takenForDead();
    this.members = this.members.filter((other) => other !== member);
    for (const [partition, owner] of this.owners) {
      if (owner !== member) continue;
      this.owners.delete(partition);
      this.leaving.delete(partition);
    }
    this.rebalance();
    // The member learns of it somewhat later, and until then goes on with the messages that it has.
    this.unaware.add(member);
    this.whenItReaches(member, this.kernel.random.below(LEARNS_WITHIN_MS), () => this.learn(member));
  }

  private learn(member: Member): void {
    if (this.unaware.delete(member)) void member.expelled().then(() => this.join(member));
  }

  /** All joins and leaves of one moment are one rebalance. */
  private rebalance(): void {
    if (this.rebalancing) return;
    this.rebalancing = true;
    this.kernel.after(0, () => this.share());
  }

  private share(): void {
    this.rebalancing = false;
    const given = new Set<Member>();
    for (let partition = 0; partition < this.partitions; partition++) {
      const wanted = this.members[partition % Math.max(1, this.members.length)];
      const owner = this.owners.get(partition);
      if (!wanted || wanted === owner) continue;
      if (owner) this.moveFrom(owner, partition);
      else {
        this.owners.set(partition, wanted);
        given.add(wanted);
      }
    }
    for (const member of given) this.tellAssigned(member);
  }

  private moveFrom(owner: Member, partition: number): void {
    if (this.leaving.has(partition)) return;
    this.leaving.add(partition);
    // A member that is dead or expelled meanwhile is removed at the end of its session.
    this.whenItReaches(owner, JOIN_MS, () => {
      if (this.owners.get(partition) !== owner) return;
      void owner.revoked(partition).then(() => {
        if (this.owners.get(partition) !== owner) return;
        this.leaving.delete(partition);
        this.owners.delete(partition);
        this.rebalance();
      });
    });
  }

  private tellAssigned(member: Member): void {
    this.whenItReaches(member, 0, () => {
      const partitions = [...this.owners].filter(([, owner]) => owner === member).map(([number]) => number);
      if (partitions.length > 0) member.assigned(partitions);
    });
  }

  /** In `delayMs`, and as soon after as the member and the coordinator can talk. Never, when it has died. */
  private whenItReaches({ process }: Member, delayMs: number, act: () => void): void {
    const attempt = (): void | false => {
      if (process.reaches('kafka') && !this.log.isAway) return act();
      this.kernel.after(TRY_AGAIN_MS, attempt, process);
      return false;
    };
    this.kernel.after(delayMs, attempt, process);
  }
}
