import type { Express, OutboxMessage } from '@backstep/outbox';
import type { ExpressLanes } from './lanes.js';

/** Who reads what, in this process and elsewhere. */
export interface Readers {
  /** The lanes of the services of this process, by the name of the service. */
  readonly here: ReadonlyMap<string, ExpressLanes>;
  /** The services that read a topic, wherever they run; undefined: not known. */
  readersOf(topic: string): readonly string[] | undefined;
  /** Undefined: what is not here gets messages by Kafka alone. */
  readonly elsewhere?: Elsewhere | undefined;
}

/** The readers in other processes. */
export interface Elsewhere {
  /** Called for each message, before it is offered, and for one that goes by Kafka alone. @returns its number in its topic and shard */
  count(message: OutboxMessage): number;
  /** @returns whether the owner of the message's shard got it, and everything before it */
  offer(service: string, message: OutboxMessage, number: number): boolean;
}

/** Hands a message to all who read its topic: in this process, and elsewhere where the way there is known. */
export class ExpressToReaders implements Express {
  constructor(private readonly readers: Readers) {}

  /** `handed-over` when every service that reads the topic has taken the message where it owns the shard: nobody else waits for Kafka. */
  offer(message: OutboxMessage): 'handed-over' | 'waits-for-kafka' {
    const { here, readersOf, elsewhere } = this.readers;
    const known = readersOf(message.topic);
    const number = elsewhere?.count(message) ?? 0;
    let takenByAll = known !== undefined;
    for (const service of known ?? here.keys()) {
      const taken = here.get(service)?.offer(message) ?? 'not-here';
      if (taken === 'waits-for-kafka') takenByAll = false;
      else if (taken === 'not-here' && elsewhere?.offer(service, message, number) !== true) takenByAll = false;
    }
    return takenByAll ? 'handed-over' : 'waits-for-kafka';
  }

  skip(message: OutboxMessage): void {
    this.readers.elsewhere?.count(message);
    for (const lanes of this.readers.here.values()) lanes.skip(message);
  }
}
