import type { GroupMembers, MembersOf } from '@backstep/kafka';
import { delay } from '@backstep/resilience';
import { readAddress, type Address } from './address.js';
import { DIRECTORY_EVERY_MS, DIRECTORY_PAUSE_MS } from './limits.js';

/** What the directory asks and tells. */
export interface DirectoryParts {
  /** The consumer groups, by the service whose they are. */
  readonly groups: ReadonlyMap<string, string>;
  /** The members of these groups, as Kafka knows them. */
  readonly members: Pick<GroupMembers, 'read'>;
  /** Kafka does not say any more: what it said before holds. Called once, until it says again. */
  failed?(error: unknown): void;
}

/** The processes of one service. */
interface OfService {
  readonly keys: ReadonlySet<string>;
  /** By topic, then by shard. */
  readonly owners: ReadonlyMap<string, ReadonlyMap<number, Address>>;
}

/**
 * Which process owns which shard of which service, and by which key it is known, as Kafka says: the members of the services' consumer groups. Kafka
 * lets only the service itself into its group, where it has been told to (ACLs).
 */
export class Directory {
  private services: ReadonlyMap<string, OfService> = new Map();
  private reading: Promise<void> | undefined;
  private readAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private hasFailed = false;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly parts: DirectoryParts) {}

  start(): void {
    this.timer = setInterval(() => void this.refresh(), DIRECTORY_EVERY_MS);
    this.timer.unref();
    void this.refresh();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
  }

  /** Called when Kafka has said who is there. */
  onRead(listener: () => void): void {
    this.listeners.push(listener);
  }

  ownerOf(service: string, topic: string, shard: number): Address | undefined {
    return this.services.get(service)?.owners.get(topic)?.get(shard);
  }

  /** Whether a process of this service is known by this key. */
  knows(service: string, key: string): boolean {
    return this.services.get(service)?.keys.has(key) === true;
  }

  /**
   * Asks Kafka, `DIRECTORY_PAUSE_MS` after the last time at the earliest; whoever asks meanwhile is told with it. Never rejects.
   */
  refresh(): Promise<void> {
    const pauseMs = Math.max(0, this.readAt + DIRECTORY_PAUSE_MS - performance.now());
    return (this.reading ??= delay(pauseMs)
      .then(() => this.read())
      .finally(() => (this.reading = undefined)));
  }

  private async read(): Promise<void> {
    if (this.isStopped) return;
    this.readAt = performance.now();
    try {
      const { groups, members: all } = this.parts;
      const found = await all.read([...groups.values()]);
      const services = new Map(this.services);
      for (const [service, group] of groups) {
        // While a group deals anew, Kafka names no members. What was known holds until it is done.
        const members = found.get(group);
        if (members) services.set(service, ofService(members));
      }
      this.services = services;
      this.hasFailed = false;
      for (const listener of this.listeners) listener();
    } catch (error) {
      if (!this.hasFailed && !this.isStopped) this.parts.failed?.(error);
      this.hasFailed = true;
    }
  }
}

function ofService(members: MembersOf): OfService {
  const keys = new Set<string>();
  const owners = new Map<string, Map<number, Address>>();
  for (const { address: text, assigned } of members) {
    const address = readAddress(text);
    if (!address) continue;
    keys.add(address.key);
    for (const [topic, shards] of Object.entries(assigned)) {
      const ofTopic = owners.get(topic) ?? new Map<number, Address>();
      owners.set(topic, ofTopic);
      for (const shard of shards) ofTopic.set(shard, address);
    }
  }
  return { keys, owners };
}
