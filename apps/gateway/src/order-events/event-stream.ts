import { ANSWER_HEADERS } from '@backstep/service';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Proxies and browsers close silent connections, most of them after 30 to 60 seconds. */
export const HEARTBEAT_MS = 15_000;

/** How long a browser waits before it connects again. */
const RECONNECT_MS = 2_000;

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) over a response that was taken over.
 * `closed` aborts when the client goes, when it has taken nothing from one heartbeat to the next, or when `end` is called: then the writer of
 * the stream must stop.
 */
export class EventStream {
  private readonly closing = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  private waitedForDrain = false;

  constructor(
    private readonly response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    heartbeatMs: number = HEARTBEAT_MS,
  ) {
    this.heartbeat = setInterval(() => this.beat(), heartbeatMs);
    // 'error' comes from a write to a closed connection; 'close' follows and is handled.
    response.once('close', () => this.stop()).on('error', () => this.stop());
    // The client may have gone before this: 'close' is not emitted again.
    if (response.destroyed) {
      this.stop();
      return;
    }
    response.writeHead(200, {
      ...ANSWER_HEADERS,
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // One stream a connection: after its end no connection stays open that a draining server would wait for.
      connection: 'close',
      // nginx would hold events back until its buffer is full.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Resolves when there is room for the next event, or when the stream is closed: memory holds one event and Node's buffer. */
  async send(id: string, data: unknown): Promise<void> {
    // JSON has no line breaks of its own, so it is one `data` line.
    await this.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /**
   * An event with a name of its own. It clears the last event id of the client: a client that connects again begins at the start.
   */
  async sendNamed(name: string, data: unknown): Promise<void> {
    await this.write(`event: ${name}\nid:\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Events that are text already. */
  async sendText(text: string): Promise<void> {
    if (text !== '') await this.write(text);
  }

  /** A comment, which clients do not show; it makes proxies pass on what came before. */
  async comment(text: string): Promise<void> {
    await this.write(`: ${text}\n\n`);
  }

  /** Ends the answer. The client connects again and resumes. */
  end(): void {
    this.stop();
    this.response.end();
  }

  private async write(text: string): Promise<void> {
    if (this.closed.aborted || this.response.write(text)) return;
    try {
      await once(this.response, 'drain', { signal: this.closed });
    } catch (error) {
      if (!this.closed.aborted) throw error;
    }
  }

  private beat(): void {
    if (!this.response.writableNeedDrain) {
      this.waitedForDrain = false;
      this.response.write(':\n\n');
    } else if (this.waitedForDrain) this.response.destroy();
    else this.waitedForDrain = true;
  }

  private stop(): void {
    clearInterval(this.heartbeat);
    this.closing.abort();
  }
}
