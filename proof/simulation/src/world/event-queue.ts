import type { SimulatedProcess } from './process.js';

/** An event at a moment of simulated time. */
export interface SimulatedEvent {
  /** Milliseconds of simulated time. */
  at: number;
  readonly seq: number;
  /** The process of the event: the event is dropped when the process has died, and waits while it is stopped. */
  readonly process: SimulatedProcess | undefined;
  /** @returns false when it has certainly settled no promise: there is nothing to wait for before the next event */
  readonly run: () => void | false;
  cancelled: boolean;
}

/** A binary heap: the earliest first; of two at one moment, the one that was scheduled first. */
export class EventQueue {
  private readonly heap: SimulatedEvent[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(event: SimulatedEvent): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || !isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  pop(): SimulatedEvent | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last) this.sink(last);
    return first;
  }

  private sink(event: SimulatedEvent): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const a = heap[left];
      if (!a) break;
      const b = heap[left + 1];
      const [child, below] = b && isBefore(b, a) ? [left + 1, b] : [left, a];
      if (!isBefore(below, event)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = event;
  }
}

const isBefore = (a: SimulatedEvent, b: SimulatedEvent): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);
