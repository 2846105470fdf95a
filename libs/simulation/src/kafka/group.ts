import type { Kernel } from '../world/kernel.js';
import type { SimulatedProcess } from '../world/process.js';
import type { Story } from '../world/story.js';

/** How long a member may be silent before its partitions go to others, milliseconds. */
export const SESSION_MS = 6_000;
/** How long a member that comes back goes on before it learns that it is out, milliseconds at most. */
const LEARNS_WITHIN_MS = 1_000;
const JOIN_MS = 50;

/** What a member is told. */
export interface Member {
  readonly process: SimulatedProcess;
  /** These partitions, of every topic, are its own now. */
  assigned(partitions: readonly number[]): void;
  /** Lets go of a partition: resolves when nothing of it is in flight. */
  revoked(partition: number): Promise<void>;
  /** It was taken for dead. All is lost; it may join again. */
  expelled(): void;
}

/**
 * A consumer group. A partition has one owner; it changes hands when its owner has let it go, or was silent for a session: then the
 * old owner may still believe in it. Partition p of every topic goes to the same member, as in Backstep.
 */
export class Group {
  private members: Member[] = [];
  private readonly owners = new Map<number, Member>();
  private readonly leaving = new Set<number>();

  constructor(
    readonly name: string,
    private readonly partitions: number,
    private readonly kernel: Kernel,
    private readonly story: Story,
    /** A member was expelled while it lived. */
    private readonly takenForDead: () => void,
  ) {}

  join(member: Member): void {
    this.kernel.after(
      JOIN_MS,
      () => {
        if (this.members.includes(member)) return;
        this.members = [...this.members, member].sort((a, b) => (a.process.name < b.process.name ? -1 : 1));
        this.rebalance();
      },
      member.process,
    );
  }

  /** It has fallen silent. If it still is after a session, it is out. @param isBack asked then */
  silent(member: Member, isBack: () => boolean): void {
    this.kernel.after(SESSION_MS, () => {
      if (isBack() || !this.members.includes(member)) return;
      this.expel(member);
    });
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
    this.tellWhenReachable(member);
  }

  /** It learns of it when it can hear again, and somewhat later: until then it goes on as if nothing had happened. */
  private tellWhenReachable(member: Member): void {
    const { process } = member;
    this.kernel.after(
      this.kernel.random.below(LEARNS_WITHIN_MS),
      () => {
        if (!process.reaches('kafka')) return this.tellWhenReachable(member);
        member.expelled();
        this.join(member);
      },
      process,
    );
  }

  private rebalance(): void {
    for (let partition = 0; partition < this.partitions; partition++) {
      const wanted = this.members[partition % Math.max(1, this.members.length)];
      const owner = this.owners.get(partition);
      if (!wanted || wanted === owner) continue;
      if (!owner) this.give(partition, wanted);
      else this.moveFrom(owner, partition);
    }
  }

  private moveFrom(owner: Member, partition: number): void {
    if (this.leaving.has(partition)) return;
    this.leaving.add(partition);
    const ask = (): void => {
      void owner.revoked(partition).then(() => {
        this.leaving.delete(partition);
        if (this.owners.get(partition) !== owner) return;
        this.owners.delete(partition);
        this.rebalance();
      });
    };
    // When it is dead, or expelled meanwhile, its session ends it.
    this.kernel.after(JOIN_MS, ask, owner.process);
  }

  private give(partition: number, member: Member): void {
    this.owners.set(partition, member);
    const all = [...this.owners].filter(([, owner]) => owner === member).map(([number]) => number);
    this.kernel.after(0, () => member.assigned(all), member.process);
  }
}
