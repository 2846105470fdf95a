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

/** Whose time it is. One run at a time. */
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

/** `Date` as it is, except that "now" is simulated. */
class SimulatedDate extends Date {
  constructor(value?: number | string | Date) {
    super(value ?? now());
  }
  static override now(): number {
    return now();
  }
}

/** What UUIDs are made of. */
function getRandomValues(bytes: Uint8Array): Uint8Array {
  const { random } = running();
  for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
  return bytes;
}

/** What is exchanged, and for what: made once, so that code which was optimized in one run stays so in the next. */
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
  // Errors that tell of a lost connection are made by the thousand here, and nobody reads where.
  [Error, 'stackTraceLimit', 0],
];

/**
 * Runs `work` with the simulated clock in place of the real one: timers, `Date`, `performance.now`,
 * and what chance is made of: `Math.random` and `crypto.getRandomValues`.
 *
 * The libraries and services are simulated as they are; they take time from where every program takes it, and so it is exchanged
 * there. Nothing else may run meanwhile: `work` must wait for nothing but microtasks and ticks.
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
