/** Of one event of a stream: what is not given is empty. */
export interface TextEvent {
  readonly name: string;
  readonly data: string;
}

/** An event that is longer is none of ours, in characters. */
const EVENT_MAX = 4_000_000;

/**
 * Reads server-sent events from their text, in whatever pieces it comes
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). `EventSource` does the same and cannot send a token.
 */
export class EventText {
  /** The last id that came, which the next request names. */
  lastId = '';
  private rest = '';
  private name = '';
  private data: string[] = [];
  private id: string | undefined;

  /** @param onComment is told what stands behind a colon @throws Error when an event is too long */
  constructor(
    private readonly onEvent: (event: TextEvent) => void,
    private readonly onComment: (text: string) => void,
  ) {}

  push(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n/);
    this.rest = lines.pop() ?? '';
    if (this.rest.length > EVENT_MAX) throw new Error('an event of the stream is too long');
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return this.onComment(line.slice(1).trim());
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
  }

  /** The id counts from the end of its event on: one that is cut off is told again. */
  private dispatch(): void {
    if (this.id !== undefined) this.lastId = this.id;
    const { name, data } = this;
    this.name = '';
    this.data = [];
    this.id = undefined;
    if (data.length > 0) this.onEvent({ name: name || 'message', data: data.join('\n') });
  }
}
