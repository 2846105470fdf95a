import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './limits.js';
import { readIntoBuffer } from './read-into-buffer.js';

/**
 * Bytes that Node's parser is given at a time. It cannot be stopped within what it was given, and makes a request of every 27 bytes:
 * at 64 KB, as Node reads them, one connection could have 2,000 of them in memory at once.
 */
const SLICE_BYTES = 1_024;

/** What becomes of a client that is too slow. */
export interface Refusals {
  /** The headers of a request did not arrive in time, and nothing else is due on this connection. */
  headersTooSlow(socket: Socket): void;
  /** A request began, and the rest of its body did not arrive in time. Its response has not begun. */
  bodyTooSlow(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * One connection of a server: gives what it reads to Node's parser only while less than `answersWaitingMax` answers are due, and
 * knows since when the client has been sending, or not reading.
 *
 * Node itself stops reading when a client does not read, but only after it has answered all it has read by then. Its timers for slow
 * requests stop with `server.close()`, so that a slow client held the end of the process; and they count the time in which we do not read.
 */
export class Connection {
  /** Answers that are due: their requests are read, and they are not wholly with the kernel yet. */
  private readonly due = new Set<ServerResponse>();
  private last: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  /** Read, and not given to the parser yet. */
  private rest: Buffer | undefined;
  private paused = false;
  private feeding = false;
  private refused = false;
  /** When the request that is being sent began; undefined between two requests. */
  private sendingSince: number | undefined = performance.now();
  private saidAnything = false;
  /** The answer that the client is taking in, and by when it must have. */
  private front: { readonly response: ServerResponse; readonly since: number; readonly withinMs: number } | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly parse: (bytes: Buffer) => void,
    private readonly limits: HttpLimits,
  ) {}

  /** Must be called after Node's own listener to 'connection'. */
  static of(socket: Socket, limits: HttpLimits): Connection {
    const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[];
    if (!parse) throw new Error("Node's HTTP server no longer listens to its sockets' data: see connection.ts");
    const connection = new Connection(socket, parse.bind(socket), limits);
    socket.removeListener('data', parse as () => void);
    readIntoBuffer(socket, (bytes) => connection.take(bytes));
    // Node pauses a socket whose client does not read, and resumes it.
    socket.on('resume', () => connection.feed());
    return connection;
  }

  /** A request whose headers are there. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.last = { request, response };
    this.due.add(response);
  }

  /** Its answer is out, or will never be. */
  end(response: ServerResponse): void {
    this.due.delete(response);
    this.feed();
  }

  get answersDue(): Iterable<ServerResponse> {
    return this.due;
  }

  private take(bytes: Buffer): void {
    this.rest = this.rest ? Buffer.concat([this.rest, bytes]) : bytes;
    this.feed();
    // The next read overwrites what is not the parser's yet.
    if (this.rest) this.rest = Buffer.from(this.rest);
  }

  private feed(): void {
    if (this.feeding) return;
    if (this.paused && this.mayRead()) {
      this.paused = false;
      this.socket.resume();
    }
    this.feeding = true;
    while (this.rest && !this.socket.isPaused() && this.mayRead()) this.give(this.rest);
    this.feeding = false;
    if (this.mayRead() || this.paused || this.socket.isPaused()) return;
    this.paused = true;
    this.socket.pause();
  }

  private give(bytes: Buffer): void {
    this.rest = bytes.length > SLICE_BYTES ? bytes.subarray(SLICE_BYTES) : undefined;
    this.saidAnything = true;
    this.sendingSince ??= performance.now();
    // After a refusal, what still comes is not read as a request any more. Of a closed socket, the parser is gone.
    if (this.refused || this.socket.writableEnded || this.socket.destroyed) return;
    this.parse(bytes.length > SLICE_BYTES ? bytes.subarray(0, SLICE_BYTES) : bytes);
    if (this.isComplete()) this.sendingSince = undefined;
  }

  private mayRead(): boolean {
    return this.due.size < this.limits.answersWaitingMax;
  }

  /** True when the last request is there as a whole, and no further one is known to have begun. */
  private isComplete(): boolean {
    return this.last?.request.complete ?? false;
  }

  /** Closes the connection, or has it answered and closed, when its client is too slow. */
  check(now: number, draining: boolean, refusals: Refusals): void {
    if (this.refused) return;
    if (this.takesTooLong(now, draining)) this.socket.destroy();
    else if (this.sendingSince !== undefined) this.checkRequest(now, draining, refusals);
  }

  private checkRequest(now: number, draining: boolean, refusals: Refusals): void {
    const { drainMs, headersMs, receiveMs } = this.limits;
    const inBody = this.last !== undefined && !this.last.request.complete;
    // It is we who do not read. The headers of a further request have time once all before it is answered.
    if (this.paused || (!inBody && this.due.size > 0)) {
      this.sendingSince = now;
      return;
    }
    const withinMs = draining ? drainMs : inBody ? receiveMs : headersMs;
    if (now - (this.sendingSince ?? now) < withinMs) return;
    this.refused = true;
    if (!inBody && this.saidAnything) refusals.headersTooSlow(this.socket);
    else if (this.last && inBody && !this.last.response.headersSent)
      refusals.bodyTooSlow(this.last.request, this.last.response);
    // Nothing was asked, or what was asked is answered.
    else this.socket.destroy();
  }

  /** Whether the answer in front has been with the client for too long. Those behind it wait for it. */
  private takesTooLong(now: number, draining: boolean): boolean {
    const [response] = this.due;
    if (!response?.writableEnded || !response.socket) return false;
    const { drainMs, takeMs, takenBytesPerSecond } = this.limits;
    if (this.front?.response !== response) {
      const withinMs = takeMs + (response.writableLength / takenBytesPerSecond) * 1_000;
      this.front = { response, since: now, withinMs };
    }
    return now - this.front.since >= (draining ? drainMs : this.front.withinMs);
  }
}
