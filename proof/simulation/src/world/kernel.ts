import { nextTick } from 'node:process';
import { EventQueue, type SimulatedEvent } from './event-queue.js';
import type { SimulatedProcess } from './process.js';
import type { Random } from './random.js';
import { withSimulatedTime } from './simulated-time.js';

/** A run that does more than this goes round in circles. */
export const EVENTS_MAX = 200_000;

/** When simulated time begins; what matters is only that it looks like a time. */
export const EPOCH = Date.UTC(2030, 0, 1);

/**
 * The simulated machine: a clock that jumps from event to event, and nothing that happens beside them.
 *
 * The services' real code is asynchronous, and stays so: an event runs, then every promise it has settled runs its course (Node
 * empties the queue of microtasks before the next tick), then the next event. All that takes real time outside (a timer, a query, a
 * request) is an event here, so one seed gives one order of things.
 */
export class Kernel {
  now = EPOCH;
  events = 0;
  /** Whose event is running: timers that it sets are its own, and die with it. */
  current: SimulatedProcess | undefined;
  /** Of what is being started: see {@link sparing}. */
  idle: (() => boolean) | undefined;
  private readonly queue = new EventQueue();
  private seq = 0;

  constructor(readonly random: Random) {}

  /** Schedules `run` in `delayMs`. @param process whose event it is; undefined: the world's */
  after(delayMs: number, run: () => void | false, process?: SimulatedProcess): SimulatedEvent {
    const event = { at: this.now + Math.max(0, delayMs), seq: this.seq++, process, run, cancelled: false };
    this.queue.push(event);
    return event;
  }

  /**
   * Runs `start`. What it does every so often from then on is not done while `idle` says that it would find nothing: real code that
   * looks in vain a hundred times costs more than all it finds.
   */
  sparing(idle: () => boolean, start: () => void): void {
    this.idle = idle;
    start();
    this.idle = undefined;
  }

  /**
   * Runs events until `done` says so, or nothing is left to happen.
   * @param done asked after every event; what it throws ends the run
   */
  async run(done: () => boolean): Promise<void> {
    await withSimulatedTime(this, async () => {
      while (!done() && this.events < EVENTS_MAX) {
        const event = this.queue.pop();
        if (!event) return;
        if (event.cancelled) continue;
        const { process } = event;
        if (process && !process.alive) continue;
        if (process && process.stoppedUntil > event.at) {
          event.at = process.stoppedUntil;
          this.queue.push(event);
          continue;
        }
        this.now = event.at;
        this.events++;
        this.current = process;
        if (event.run() !== false) await microtasks();
        this.current = undefined;
      }
    });
  }
}

/** Resolves when everything that was settled has run its course. */
const microtasks = (): Promise<void> => new Promise((resolve) => nextTick(resolve));
