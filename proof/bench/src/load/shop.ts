import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** Longer than the gateway waits for the order service. */
const ANSWER_WITHIN_MS = 15_000;

export interface Answer {
  readonly status: number;
  /** Of an accepted order. */
  readonly orderId: string | undefined;
  /** What the answer asks for before the next try, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

const NO_ANSWER: Answer = { status: 0, orderId: undefined, retryAfterMs: undefined };

/** Places orders over HTTP, on connections that are kept. */
export class Shop {
  private readonly agent: Agent;
  private readonly urls: readonly URL[];
  private placed = 0;

  /**
   * @param gatewayUrls each is asked in turn
   * @param connectionsMax to each gateway; more requests than that wait here, and their waiting is measured
   */
  constructor(gatewayUrls: readonly string[], connectionsMax: number) {
    this.urls = gatewayUrls.map((url) => new URL('/v1/orders', url));
    this.agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, scheduling: 'fifo' });
  }

  /** Never rejects: who gets no answer has status 0. */
  place(body: string): Promise<Answer> {
    return new Promise((resolve) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'idempotency-key': randomUUID(),
      };
      const sent = request(this.nextUrl(), { method: 'POST', agent: this.agent, headers, timeout: ANSWER_WITHIN_MS });
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => {
          const { location, 'retry-after': retryAfter } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            orderId: location?.slice(location.lastIndexOf('/') + 1),
            retryAfterMs: retryAfter === undefined ? undefined : Number(retryAfter) * 1_000,
          });
        });
        response.on('error', () => resolve(NO_ANSWER));
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(NO_ANSWER));
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private nextUrl(): URL {
    const url = this.urls[this.placed++ % this.urls.length];
    if (url === undefined) throw new Error('A shop needs a gateway.');
    return url;
  }
}
