import { type StreamEvent, eventOf } from './events.js';
import { EventText } from './event-text.js';

/** The gateway says something every 15 seconds at least; whoever is silent for longer is gone, and nobody has said so. */
export const SILENT_MS = 20_000;

export interface Request {
  readonly url: string;
  readonly token: string | undefined;
  /** Empty: from now on. */
  readonly lastId: string;
  readonly signal: AbortSignal;
}

export interface Told {
  event(event: StreamEvent): void;
  /** From here on it is told as it happens. */
  live(): void;
  /** Bytes came, with the id after which to go on. */
  heard(lastId: string): void;
}

/** How a stream ended. 0: no answer, or cut off. */
export interface Ended {
  readonly status: number;
  readonly retryAfterS: number | undefined;
}

/** Reads one answer of the stream to its end, whatever ends it. `EventSource` sends no token, so there is one way for both. */
export async function readAnswer({ url, token, lastId, signal }: Request, told: Told): Promise<Ended> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENT_MS);
  try {
    const answer = await fetch(url, {
      headers: {
        accept: 'text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(lastId !== '' && { 'last-event-id': lastId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel();
      return { status: answer.status, retryAfterS: Number(answer.headers.get('retry-after')) || undefined };
    }
    const text = new EventText(
      ({ name, data }) => {
        const event = eventOf(name, data);
        if (event) told.event(event);
      },
      (comment) => {
        if (comment === 'live') told.live();
      },
    );
    text.lastId = lastId;
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    for (let piece = await reader.read(); !piece.done && !signal.aborted; piece = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENT_MS);
      text.push(decoder.decode(piece.value, { stream: true }));
      told.heard(text.lastId);
    }
    return { status: answer.status, retryAfterS: undefined };
  } catch {
    return { status: 0, retryAfterS: undefined };
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}
