import type { Kernel } from './kernel.js';

type Callback = (...args: unknown[]) => void;

/** The part of Node's timer handle that is used. */
class SimulatedTimer {
  cancelled = false;
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

/** The kernel of the current run: one run at a time. */
let kernel: Kernel | undefined;

function running(): Kernel {
  if (!kernel) throw new Error('a timer of a run is used after the run');
  return kernel;
}

/** Each process has its own clock, which may be wrong. */
function now(): number {
  const { now: simulated, current } = running();
  return simulated + (current?.clockAheadMs ?? 0);
}

function setTimeout(run: Callback, ms = 0, ...args: unknown[]): SimulatedTimer {
  const timer = new SimulatedTimer();
  const fire = (): void | false => {
    if (timer.cancelled) return false;
    run(...args);
  };
  running().after(ms, fire, running().current);
  return timer;
}

function setInterval(run: Callback, ms = 0, ...args: unknown[]): SimulatedTimer {
  const timer = new SimulatedTimer();
  const at = running();
  const { current, idle } = at;
  const again = (): void | false => {
    if (timer.cancelled) return false;
    at.after(ms, again, current);
    if (idle?.()) return false;
    run(...args);
  };
  at.after(ms, again, current);
  return timer;
}

function clear(timer: unknown): void {
  if (timer instanceof SimulatedTimer) timer.cancelled = true;
}

/** `Date` with a simulated "now". */
class SimulatedDate extends Date {
  constructor(value?: number | string | Date) {
    super(value ?? now());
  }
  static override now(): number {
    return now();
  }
}

/** The random bytes of UUIDs. */
function getRandomValues(bytes: Uint8Array): Uint8Array {
  const { random } = running();
  for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
  return bytes;
}

/** The replaced functions and their replacements. Made once, so that code that was optimised in one run stays so in the next. */
const EXCHANGED: readonly (readonly [where: object, name: string, simulated: unknown])[] = [
  [globalThis, 'setTimeout', setTimeout],
  [globalThis, 'setInterval', setInterval],
  [globalThis, 'setImmediate', (run: Callback, ...args: unknown[]) => setTimeout(run, 0, ...args)],
  [globalThis, 'clearTimeout', clear],
  [globalThis, 'clearInterval', clear],
  [globalThis, 'clearImmediate', clear],
  [globalThis, 'Date', SimulatedDate],
  [performance, 'now', now],
  [Math, 'random', () => running().random.next()],
  [crypto, 'getRandomValues', getRandomValues],
  // Without stack traces: thousands of connection errors are made here, and their stacks are never read.
  [Error, 'stackTraceLimit', 0],
];

/**
 * Runs `work` with simulated time and chance in place of the real ones: timers, `Date`, `performance.now`, `Math.random` and
 * `crypto.getRandomValues`.
 *
 * Libraries and services are simulated unchanged: they use the global functions, which are replaced. Nothing else may run meanwhile: `work`
 * must wait for nothing but microtasks and ticks.
 */
export async function withSimulatedTime(simulated: Kernel, work: () => Promise<void>): Promise<void> {
  const real = EXCHANGED.map(([where, name]) => Reflect.get(where, name) as unknown);
  const put = (values: readonly unknown[]): void =>
    EXCHANGED.forEach(([where, name], at) =>
      Object.defineProperty(where, name, { value: values[at], configurable: true, writable: true }),
    );
  kernel = simulated;
  put(EXCHANGED.map(([, , value]) => value));
  try {
    await work();
  } finally {
    put(real);
    kernel = undefined;
  }
}
