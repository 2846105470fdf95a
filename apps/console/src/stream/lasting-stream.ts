import type { StreamEvent } from './events.js';
import { readAnswer } from './one-answer.js';
import { NOT_CONNECTED, type StreamState } from './state.js';

const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 10_000;
/** However long the gateway asks to wait, seconds. */
const RETRY_AFTER_MAX_S = 60;
const BAD_REQUEST = 400;
const REFUSED: ReadonlySet<number> = new Set([401, 403]);

export interface StreamListener {
  event(event: StreamEvent): void;
  /** @param isResumed all messages since the last answer were told, and orders with them; sagas never are */
  live(isResumed: boolean): void;
  /** Something was heard, or the state has changed. */
  changed(): void;
}

/** A stream that outlives its answers: it goes on after the last event that came, with a bounded backoff. */
export class LastingStream {
  state: StreamState = { ...NOT_CONNECTED, status: 'resting' };
  private lastId = '';
  private ending: AbortController | undefined;
  private hurry: (() => void) | undefined;

  /** @param origin where the gateway is; empty: where the page is from */
  constructor(
    private readonly origin: string,
    private readonly listener: StreamListener,
  ) {}

  /** Whether something has been told: then the next answer goes on after it. */
  get hasBegun(): boolean {
    return this.lastId !== '';
  }

  /** Opens it; another one that is open ends, and the new one goes on where that was. */
  open(address: string, token: string | undefined): void {
    this.ending?.abort();
    this.ending = new AbortController();
    void this.run(address, token, this.ending.signal);
  }

  close(): void {
    this.ending?.abort();
    this.ending = undefined;
    this.become({ status: 'resting' });
  }

  /** Somebody looks: a stream that waits for its next attempt waits no longer. */
  tryNow(): void {
    this.hurry?.();
  }

  private async run(address: string, token: string | undefined, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      this.become({ status: 'connecting', kafka: true });
      let isResumed = this.lastId !== '';
      const { status, retryAfterS } = await readAnswer(
        { url: this.origin + address, token, lastId: this.lastId, signal },
        {
          event: (event) => {
            if (signal.aborted) return;
            if (event.kind === 'reset') isResumed = false;
            if (event.kind === 'kafka') this.become({ kafka: event.isReachable });
            this.listener.event(event);
          },
          live: () => {
            if (signal.aborted) return;
            attempt = 0;
            this.become({ status: 'live' });
            this.listener.live(isResumed);
          },
          heard: (lastId) => {
            if (signal.aborted) return;
            this.lastId = lastId;
            this.become({ heardAt: Date.now() });
          },
        },
      );
      if (signal.aborted) return;
      if (REFUSED.has(status)) return this.become({ status: 'refused' });
      this.become({ status: 'connecting' });
      // The gateway has other topics than the one that gave the id: what came in between is lost.
      if (status === BAD_REQUEST) this.lastId = '';
      await this.pause(
        retryAfterS === undefined ? backoffMs(attempt) : Math.min(retryAfterS, RETRY_AFTER_MAX_S) * 1_000,
        signal,
      );
    }
  }

  private become(change: Partial<StreamState>): void {
    this.state = { ...this.state, ...change };
    this.listener.changed();
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', go);
        this.hurry = undefined;
        resolve();
      };
      const timer = setTimeout(go, ms);
      signal.addEventListener('abort', go);
      this.hurry = go;
    });
  }
}

/** From half of it to all of it, so that browsers do not come back together. */
const backoffMs = (attempt: number): number =>
  Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
