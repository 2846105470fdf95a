import type { Kernel } from './kernel.js';

type Callback = (...args: unknown[]) => void;

/** What `setTimeout` gives: as much of Node's handle as is used. */
class SimulatedTimer {
  cancelled = false;
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

/**
 * Runs `work` with the simulated clock in place of the real one: timers, `Date`, `performance.now`,
 * and what chance is made of: `Math.random` and `crypto.getRandomValues`.
 *
 * The libraries and services are simulated as they are; they take time from where every program takes it, and so it is exchanged
 * there. Nothing else may run meanwhile: `work` must wait for nothing but microtasks and ticks.
 */
export async function withSimulatedTime(kernel: Kernel, work: () => Promise<void>): Promise<void> {
  const replaced = replacements(kernel);
  const real = Object.fromEntries(
    Object.keys(replaced.globals).map((name) => [name, Reflect.get(globalThis, name) as unknown]),
  );
  const { random } = Math;
  const { getRandomValues } = crypto;
  const { stackTraceLimit } = Error;
  Object.assign(globalThis, replaced.globals);
  Object.defineProperty(performance, 'now', { value: replaced.now, configurable: true });
  Math.random = () => kernel.random.next();
  Object.defineProperty(crypto, 'getRandomValues', { value: bytesOf(kernel), configurable: true });
  // Errors that tell of a lost connection are made by the thousand here, and nobody reads where.
  Error.stackTraceLimit = 0;
  try {
    await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
    Math.random = random;
    Reflect.deleteProperty(performance, 'now');
    Object.assign(globalThis, real);
  }
}

function replacements(kernel: Kernel) {
  /** Each process has its own clock, which may be wrong. */
  const now = (): number => kernel.now + (kernel.current?.clockAheadMs ?? 0);
  const set = (run: Callback, ms = 0, ...args: unknown[]): SimulatedTimer => {
    const timer = new SimulatedTimer();
    const { current } = kernel;
    kernel.after(
      ms,
      () => {
        if (!timer.cancelled) run(...args);
      },
      current,
    );
    return timer;
  };
  const repeat = (run: Callback, ms = 0, ...args: unknown[]): SimulatedTimer => {
    const timer = new SimulatedTimer();
    const { current, idle } = kernel;
    const again = (): void | false => {
      if (timer.cancelled) return false;
      kernel.after(ms, again, current);
      if (idle?.()) return false;
      run(...args);
    };
    kernel.after(ms, again, current);
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof SimulatedTimer) timer.cancelled = true;
  };
  const globals = {
    setTimeout: set,
    setInterval: repeat,
    setImmediate: (run: Callback, ...args: unknown[]) => set(run, 0, ...args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    Date: dateOf(now),
  };
  return { globals, now };
}

/** What UUIDs are made of. */
const bytesOf =
  ({ random }: Kernel) =>
  (bytes: Uint8Array): Uint8Array => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
    return bytes;
  };

/** `Date` as it is, except that "now" is simulated. */
function dateOf(now: () => number): DateConstructor {
  const Real = Date;
  class SimulatedDate extends Real {
    constructor(value?: number | string | Date) {
      super(value ?? now());
    }
    static override now(): number {
      return now();
    }
  }
  return SimulatedDate as unknown as DateConstructor;
}
