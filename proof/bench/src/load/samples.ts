/** How an order ended: as it was meant to, otherwise, or not at all. */
export type Ending = 'CONFIRMED' | 'REJECTED';

const FIELDS = 4;
const FIRST_ROOM = 4_096;

/** One order as a client saw it. Times are milliseconds of this process's monotonic clock. */
export interface Sample {
  /** When it was meant to be placed: in an open loop, also when the client was late. */
  readonly startedAt: number;
  /** When its 202 had come. */
  readonly acceptedAt: number;
  /** When its end was seen in Kafka. */
  readonly endedAt: number;
  readonly ending: Ending;
}

/** All orders of a scenario, in one growing block of numbers: 32 bytes each, however long it runs. */
export class Samples {
  private block = new Float64Array(FIRST_ROOM * FIELDS);
  private count = 0;

  add({ startedAt, acceptedAt, endedAt, ending }: Sample): void {
    if ((this.count + 1) * FIELDS > this.block.length) {
      const larger = new Float64Array(this.block.length * 2);
      larger.set(this.block);
      this.block = larger;
    }
    this.block.set([startedAt, acceptedAt, endedAt, ending === 'CONFIRMED' ? 1 : 0], this.count * FIELDS);
    this.count++;
  }

  get size(): number {
    return this.count;
  }

  *[Symbol.iterator](): Generator<Sample, void, void> {
    for (let at = 0; at < this.count * FIELDS; at += FIELDS) {
      const [startedAt = 0, acceptedAt = 0, endedAt = 0, confirmed] = this.block.subarray(at, at + FIELDS);
      yield { startedAt, acceptedAt, endedAt, ending: confirmed === 1 ? 'CONFIRMED' : 'REJECTED' };
    }
  }
}
