/**
 * Loaded into a service under test before its own code (`node --import`), and nowhere else. It touches two things of Node, so that the
 * service itself needs no door for chaos:
 *
 * - `CHAOS_DETOURS`, JSON `{"<port>":<port>}`: connections to a port go to another one, where a link waits. Here and not by settings,
 *   because a Kafka broker tells its clients its address itself.
 * - `CHAOS_CLOCK`, a file that holds the milliseconds by which this process's clock is wrong. Only the wall clock steps; the monotonic
 *   one behind timers does not, as on a real machine whose time is corrected.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';

const LOOK_AT_CLOCK_EVERY_MS = 200;

const { CHAOS_DETOURS: detours, CHAOS_CLOCK: clockFile } = process.env;
if (detours !== undefined) detour(JSON.parse(detours) as Readonly<Record<string, number>>);
if (clockFile !== undefined) stepWith(clockFile);

/** `net.connect`, `http`, `fetch` and every client built on them end here. */
function detour(ports: Readonly<Record<string, number>>): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    // `net.connect` hands over its arguments as one array of options and listener.
    const list: unknown[] = Array.isArray(args[0]) ? args[0] : args;
    const [options] = list;
    if (typeof options === 'object' && options !== null && 'port' in options) {
      const port = ports[String(options.port)];
      // A copy: an http agent files its sockets under the options it passed, and would not find them again.
      if (port !== undefined) list[0] = { ...options, port };
    }
    return connect.apply(this, args);
  };
}

function stepWith(file: string): void {
  const now = Date.now.bind(Date);
  let offsetMs = 0;
  const look = (): void => {
    try {
      offsetMs = Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      // No file, no step.
      offsetMs = 0;
    }
  };
  look();
  setInterval(look, LOOK_AT_CLOCK_EVERY_MS).unref();
  Date.now = () => now() + offsetMs;
  // A proxy and not a subclass: what is a Date anywhere stays one.
  globalThis.Date = new Proxy(Date, {
    construct: (target, args: unknown[], self: new () => Date) =>
      Reflect.construct(target, args.length === 0 ? [target.now()] : args, self) as Date,
    apply: (target) => new target(target.now()).toString(),
  });
}
