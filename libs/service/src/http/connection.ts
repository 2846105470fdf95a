import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './limits.js';
import { readIntoBuffer } from './read-into-buffer.js';

/**
 * Bytes that Node's parser gets at a time. The parser cannot be stopped within them, and 27 bytes can be a request. With 64 KB, as Node
 * reads them, one connection could have 2,000 requests in memory at once.
 */
const SLICE_BYTES = 1_024;

/** How a client that is too slow is refused. */
export interface Refusals {
  /** The headers of a request did not arrive in time, and no answer is due on this connection. */
  headersTooSlow(socket: Socket): void;
  /** The rest of a request's body did not arrive in time. Its response has not begun. */
  bodyTooSlow(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * One connection of a server. It passes bytes to Node's parser only while fewer than `answersWaitingMax` answers are due, and it knows since
 * when the client has been sending a request, or not reading an answer.
 *
 * Node itself stops reading from a client that does not read, but only after it has answered all it has read by then. Node's timers for slow
 * requests stop with `server.close()`, so a slow client held up the end of the process. They also count the time in which we do not read.
 */
export class Connection {
  /** Answers that are due: their requests were read, and the kernel has not taken all their bytes yet. */
  private readonly due = new Set<ServerResponse>();
  private last: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  /** Bytes that were read and not given to the parser yet. */
  private rest: Buffer | undefined;
  private paused = false;
  private feeding = false;
  private refused = false;
  /** When the client began to send the present request; undefined between two requests. */
  private sendingSince: number | undefined = performance.now();
  private saidAnything = false;
  /** The answer that the client is reading, since when, and how long it may take. */
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
    // Node pauses a socket whose client does not read, and resumes it later.
    socket.on('resume', () => connection.feed());
    return connection;
  }

  /** A request whose headers have arrived. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.last = { request, response };
    this.due.add(response);
  }

  /** The answer was sent, or will never be. */
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
    // Copied, because the next read overwrites the bytes that the parser does not have yet.
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
    // Bytes after a refusal are no request any more. A closed socket has no parser.
    if (this.refused || this.socket.writableEnded || this.socket.destroyed) return;
    const { last } = this;
    const ofLast = !this.isComplete();
    this.parse(bytes.length > SLICE_BYTES ? bytes.subarray(0, SLICE_BYTES) : bytes);
    // Bytes that neither belong to the last request nor make a new one are headers of a further one: their time runs.
    if (this.isComplete() && (ofLast || this.last !== last)) this.sendingSince = undefined;
  }

  private mayRead(): boolean {
    return this.due.size < this.limits.answersWaitingMax;
  }

  /** True when the last request has arrived as a whole, and no further one is known to have begun. */
  private isComplete(): boolean {
    return this.last?.request.complete ?? false;
  }

  /** Refuses a client that is too slow: closes the connection, with an answer where one can be given. */
  check(now: number, draining: boolean, refusals: Refusals): void {
    if (this.refused) return;
    if (this.takesTooLong(now, draining)) this.socket.destroy();
    else if (this.sendingSince !== undefined) this.checkRequest(now, draining, refusals);
  }

  private checkRequest(now: number, draining: boolean, refusals: Refusals): void {
    const { drainMs, headersMs, receiveMs } = this.limits;
    const inBody = this.last !== undefined && !this.last.request.complete;
    // While we do not read, the client is not slow. The time for the headers of a further request begins when all before it are answered.
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
    // Without an answer: no request was sent, or its answer has begun.
    else this.socket.destroy();
  }

  /** Whether the client has been reading the first due answer for too long. Later answers wait for it. */
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
