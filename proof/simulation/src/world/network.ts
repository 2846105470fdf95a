import type { Window } from './faults.js';
import type { Kernel } from './kernel.js';
import type { Peer, SimulatedProcess } from './process.js';
import type { Windows } from './windows.js';

/** A request and its answer. */
export interface Exchange<T> {
  readonly peer: Peer;
  /** The name of the windows around the request; undefined: no fault is aimed at it. */
  readonly window: 'read' | 'commit' | 'publish' | 'provider' | undefined;
  /** What the other side does, at one moment. An error that it throws is an answer too. {@link LATER}: it cannot answer yet. */
  readonly act: () => T | typeof LATER;
  /** The error when no answer comes. */
  readonly silence: () => Error;
  /** Whether the other side is up. */
  readonly away?: () => boolean;
}

/** The other side is busy: the request is repeated soon. */
export const LATER = Symbol('later');

/** The latency of a request or an answer, milliseconds: the least, and the most that is added. */
const ON_ITS_WAY: Readonly<Record<Peer, readonly [number, number]>> = {
  database: [0.3, 3],
  kafka: [1, 12],
  provider: [10, 150],
};
/** The timeout of a request without an answer, milliseconds. */
export const SILENCE_MS: Readonly<Record<Peer, number>> = { database: 1_000, kafka: 1_500, provider: 4_000 };
const LATER_MS = 5;

/** All requests of processes go through here, and can be lost, cut off or delayed in both directions. */
export class Network {
  constructor(
    private readonly kernel: Kernel,
    private readonly windows: Windows,
  ) {}

  latency(peer: Peer): number {
    const [least, more] = ON_ITS_WAY[peer];
    return least + this.kernel.random.next() * more;
  }

  /** Never settles when the process dies. */
  exchange<T>(process: SimulatedProcess, exchange: Exchange<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { kernel } = this;
      const lost = this.pass(process, 'before', exchange.window) === 'lost';
      if (!process.alive) return;
      if (lost) return void kernel.after(SILENCE_MS[exchange.peer], () => reject(exchange.silence()), process);
      const heldMs = Math.max(0, process.stoppedUntil - kernel.now);
      kernel.after(heldMs + this.latency(exchange.peer), () => {
        this.arrive(process, exchange, resolve, reject);
        return false;
      });
    });
  }

  private arrive<T>(
    process: SimulatedProcess,
    exchange: Exchange<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const { kernel } = this;
    const { peer, window } = exchange;
    if (!process.reaches(peer) || exchange.away?.()) {
      return void kernel.after(this.latency(peer), () => reject(exchange.silence()), process);
    }
    let answer: () => void;
    try {
      const value = exchange.act();
      if (value === LATER) {
        return void kernel.after(LATER_MS, () => {
          this.arrive(process, exchange, resolve, reject);
          return false;
        });
      }
      answer = () => resolve(value);
    } catch (error) {
      answer = () => reject(error);
    }
    if (this.pass(process, 'after', window) === 'lost') {
      return void kernel.after(SILENCE_MS[peer], () => reject(exchange.silence()), process);
    }
    kernel.after(
      this.latency(peer),
      () => {
        if (!process.reaches(peer)) return reject(exchange.silence());
        answer();
        this.told(process, window);
      },
      process,
    );
  }

  /** The process has got the answer: its next step is done before it dies. */
  private told(process: SimulatedProcess, window: Exchange<unknown>['window']): void {
    const told = window && window !== 'read' ? (`told ${window}` as const) : undefined;
    if (told && this.windows.isArmed(process, told))
      this.kernel.after(0, () => void this.windows.pass(process, told), process);
  }

  private pass(
    process: SimulatedProcess,
    when: 'before' | 'after',
    window: Exchange<unknown>['window'],
  ): 'goes on' | 'lost' {
    if (window === undefined || (window === 'read' && when === 'after')) return 'goes on';
    return this.windows.pass(process, `${when} ${window}` as Window);
  }
}
