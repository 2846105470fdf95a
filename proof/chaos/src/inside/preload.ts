/**
 * Loaded into a service under test before its own code (`node --import`), and nowhere else. It touches three things of Node, so that the
 * service itself needs no door for chaos:
 *
 * - `CHAOS_DETOURS`, JSON `{"<port>":<port>}`: connections to a port go to another one, where a link waits. Here and not by settings,
 *   because a Kafka broker tells its clients its address itself.
 * - `CHAOS_EXPRESS`, JSON `{"<service>":<port>}`: connections to a service's socket of express go to a port, where a link waits. The first line
 *   on such a connection names the socket.
 * - `CHAOS_CLOCK`, a file that holds the milliseconds by which this process's clock is wrong. Only the wall clock steps; the monotonic
 *   one behind timers does not, as on a real machine whose time is corrected.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';

const LOOK_AT_CLOCK_EVERY_MS = 200;

/** As libs/messaging names the sockets of a service's processes. */
const SOCKET_OF_SERVICE = /\/([a-z\d-]+)-[\da-f]{8}\.sock$/;

/** Where links listen. */
const HOST = '127.0.0.1';

type Ports = Readonly<Record<string, number>>;

const { CHAOS_DETOURS: detours = '{}', CHAOS_EXPRESS: express = '{}', CHAOS_CLOCK: clockFile } = process.env;
detour(JSON.parse(detours) as Ports, JSON.parse(express) as Ports);
if (clockFile !== undefined) stepWith(clockFile);

/** `net.connect`, `http`, `fetch` and every client built on them end here. */
function detour(byPort: Ports, byService: Ports): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    // `net.connect` hands over its arguments as one array of options and listener.
    const list: unknown[] = Array.isArray(args[0]) ? args[0] : args;
    const [options] = list;
    if (typeof options !== 'object' || options === null) return connect.apply(this, args);
    const path = 'path' in options && typeof options.path === 'string' ? options.path : undefined;
    const port =
      path === undefined ? byPort['port' in options ? String(options.port) : ''] : byService[serviceOf(path)];
    if (port === undefined) return connect.apply(this, args);
    // A copy: an http agent files its sockets under the options it passed, and would not find them again.
    list[0] = path === undefined ? { ...options, port } : { ...options, path: undefined, host: HOST, port };
    const socket = connect.apply(this, args);
    if (path !== undefined) socket.write(`${path}\n`);
    return socket;
  };
}

const serviceOf = (path: string): string => SOCKET_OF_SERVICE.exec(path)?.[1] ?? '';

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
