import type { Consumer } from 'kafkajs';
import { STEP_ASIDE_MS } from './settings.js';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Waits for the part of a batch's work that may take long. */
type Slowly = <T>(part: Promise<T>) => Promise<T>;

/**
 * Partitions whose batch takes long, such as one that waits for a row that somebody holds. kafkajs fetches from a broker only when all batches
 * of the last fetch are handled, so one of them would hold up all partitions of that broker. After `STEP_ASIDE_MS` a batch steps aside: it
 * goes on, its partition is paused until it is over, and kafkajs is told that it is over.
 *
 * To kafkajs a topic is no longer paused as a whole once one of its partitions is paused. So none is while all are.
 */
export class SlowPartitions {
  private readonly aside = new Map<string, Place>();
  private allPaused = false;

  /**
   * @param steer calls what throws when the consumer has stopped already
   * @param paused called when a partition steps aside, and is not fetched until its batch is over
   */
  constructor(
    private readonly consumer: Pick<Consumer, 'pause' | 'resume'>,
    private readonly topics: readonly string[],
    private readonly steer: (action: () => void) => void,
    private readonly paused: (place: Place) => void = () => undefined,
  ) {}

  pauseAll(): void {
    this.allPaused = true;
    this.steer(() => this.consumer.pause(this.topics.map((topic) => ({ topic }))));
  }

  resumeAll(): void {
    this.allPaused = false;
    this.steer(() => {
      this.consumer.resume(this.topics.map((topic) => ({ topic })));
      for (const place of this.aside.values()) this.pause(place);
    });
  }

  /** Does the work with one batch of the place. @returns when it is done, or has stepped aside. @throws what it threw before that */
  run(place: Place, work: (slowly: Slowly) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const slowly: Slowly = async (part) => {
        const timer = setTimeout(() => {
          this.stepAside(place);
          resolve();
        }, STEP_ASIDE_MS);
        try {
          return await part;
        } finally {
          clearTimeout(timer);
        }
      };
      void work(slowly)
        .then(resolve, reject)
        .finally(() => this.comeBack(place));
    });
  }

  /** The partitions go to other members, or come anew: none may be left paused. */
  comeBackAll(): void {
    for (const place of [...this.aside.values()]) this.comeBack(place);
  }

  private stepAside(place: Place): void {
    this.aside.set(nameOf(place), place);
    this.paused(place);
    if (!this.allPaused) this.steer(() => this.pause(place));
  }

  /** When the partition has come anew meanwhile, and another batch of it is aside, it stays so for that one. */
  private comeBack(place: Place): void {
    if (this.aside.get(nameOf(place)) !== place) return;
    this.aside.delete(nameOf(place));
    if (this.allPaused) return;
    this.steer(() => this.consumer.resume([{ topic: place.topic, partitions: [place.partition] }]));
  }

  private pause({ topic, partition }: Place): void {
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;
