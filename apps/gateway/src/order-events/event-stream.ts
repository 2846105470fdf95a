import { ANSWER_HEADERS } from '@backstep/service';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Proxies and browsers close what is silent; most wait 30 to 60 seconds. */
export const HEARTBEAT_MS = 15_000;

/** What a browser is told to wait before it connects again. */
const RECONNECT_MS = 2_000;

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) over a response that was taken over.
 * `closed` aborts when the client goes, when it has taken nothing from one heartbeat to the next, or when `end` says so:
 * whoever feeds the stream stops then.
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
    // 'error' comes from a write to a connection that has just gone; 'close' follows and says all there is to know.
    response.once('close', () => this.stop()).on('error', () => this.stop());
    // The client may have gone while we read for it. That event does not come again.
    if (response.destroyed) {
      this.stop();
      return;
    }
    response.writeHead(200, {
      ...ANSWER_HEADERS,
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // One stream, one connection: when it ends, nothing is left open that a draining server would wait for.
      connection: 'close',
      // nginx would keep events until it has a buffer full of them.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Resolves when there is room for the next one, or when the stream is closed: memory holds one event and Node's buffer. */
  async send(id: string, data: unknown): Promise<void> {
    // JSON has no line breaks of its own, so it is one `data` line.
    await this.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /**
   * An event of another name than `message`, which clients ask for by it. It empties the id that a client remembers: one that connects again
   * begins at the start.
   */
  async sendNamed(name: string, data: unknown): Promise<void> {
    await this.write(`event: ${name}\nid:\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** What clients do not show; it makes proxies pass on what came before. */
  async comment(text: string): Promise<void> {
    await this.write(`: ${text}\n\n`);
  }

  /** Ends the answer. A client that wants more connects again and resumes. */
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
