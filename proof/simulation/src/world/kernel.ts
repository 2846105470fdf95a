import { nextTick } from 'node:process';
import { EventQueue, type SimulatedEvent } from './event-queue.js';
import type { SimulatedProcess } from './process.js';
import type { Random } from './random.js';
import { withSimulatedTime } from './simulated-time.js';

/** The most events of a run: a run with more has an endless loop. */
export const EVENTS_MAX = 200_000;

/** The beginning of simulated time; any plausible time would do. */
export const EPOCH = Date.UTC(2030, 0, 1);

/**
 * The simulated machine: a clock that jumps from event to event. Nothing happens outside of events.
 *
 * The services' real code stays asynchronous: an event runs, then all promises that it has settled (Node empties the queue of microtasks
 * before the next tick), then the next event. Whatever takes real time outside (a timer, a query, a request) is an event here, so one seed
 * gives one order of events.
 */
export class Kernel {
  now = EPOCH;
  events = 0;
  /** The process whose event is running: timers that it sets are dropped when it dies. */
  current: SimulatedProcess | undefined;
  /** Of what is being started: see {@link sparing}. */
  idle: (() => boolean) | undefined;
  private readonly queue = new EventQueue();
  private seq = 0;

  constructor(readonly random: Random) {}

  /** Schedules `run` in `delayMs`. @param process the process of the event; undefined: the world */
  after(delayMs: number, run: () => void | false, process?: SimulatedProcess): SimulatedEvent {
    const event = { at: this.now + Math.max(0, delayMs), seq: this.seq++, process, run, cancelled: false };
    this.queue.push(event);
    return event;
  }

  /**
   * Runs `start`. Its periodic work is skipped while `idle` says that it would find nothing: a hundred useless turns of real code cost more than
   * the useful ones.
   */
  sparing(idle: () => boolean, start: () => void): void {
    this.idle = idle;
    start();
    this.idle = undefined;
  }

  /**
   * Runs events until `done` returns true or no event is left.
   * @param done called after every event; an error that it throws ends the run
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

/** Resolves when all settled promises have been processed. */
const microtasks = (): Promise<void> => new Promise((resolve) => nextTick(resolve));
