import type { Express, OutboxMessage } from '@backstep/outbox';
import type { ExpressLanes } from './lanes.js';

/** Who reads what, in this process and elsewhere. */
export interface Readers {
  /** The lanes of the services of this process, by the name of the service. */
  readonly here: ReadonlyMap<string, ExpressLanes>;
  /** The services that read a topic, wherever they run; undefined: not known. */
  readersOf(topic: string): readonly string[] | undefined;
}

/** Hands a message to all who read its topic in this process. */
export class ExpressToReaders implements Express {
  constructor(private readonly readers: Readers) {}

  /** `handed-over` when every service that reads the topic is here, owns the shard, and has taken the message: nobody else waits for Kafka. */
  offer(message: OutboxMessage): 'handed-over' | 'waits-for-kafka' {
    const { here, readersOf } = this.readers;
    const { topic } = message;
    let takenByAll = readersOf(topic)?.every((service) => here.has(service)) === true;
    for (const lanes of here.values()) {
      if (lanes.reads(topic) && lanes.offer(message) === 'waits-for-kafka') takenByAll = false;
    }
    return takenByAll ? 'handed-over' : 'waits-for-kafka';
  }

  skip(message: OutboxMessage): void {
    for (const lanes of this.readers.here.values()) if (lanes.reads(message.topic)) lanes.skip(message);
  }
}
