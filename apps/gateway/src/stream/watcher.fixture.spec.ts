import { expect } from '@jest/globals';
import { waitUntil } from '@backstep/testing';

export interface Told {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** A client, as a browser is one: it keeps the last id. */
export class Watcher {
  readonly told: Told[] = [];
  lastId = '';
  isLive = false;
  private readonly abort = new AbortController();
  private reading: Promise<void> = Promise.resolve();

  /** @param at where the gateway is */
  async open(at: string, query: string, lastEventId: string | undefined): Promise<this> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const answer = await fetch(`${at}/v1/stream?${query}`, { headers, signal: this.abort.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    this.reading = this.read(answer).catch(() => undefined);
    return this;
  }

  async live(): Promise<this> {
    await waitUntil('the stream is live', () => this.isLive);
    return this;
  }

  /** The types of the messages about these keys, as they came. */
  typesOf(...keys: readonly string[]): unknown[] {
    return this.messages.filter(({ key }) => keys.includes(String(key))).map(({ headers }) => headers['ce_type']);
  }

  get messages(): { key: string; headers: Record<string, string>; value: unknown }[] {
    return this.told.filter(({ event }) => event === 'message').map(({ data }) => data as never);
  }

  async leave(): Promise<void> {
    this.abort.abort();
    await this.reading;
  }

  private async read(answer: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      blocks.forEach((block) => this.take(block));
    }
  }

  private take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const [id, data] = [field('id'), field('data')];
    if (id !== undefined) this.lastId = id;
    if (/^: live$/m.test(block)) this.isLive = true;
    if (data === undefined) return;
    this.told.push({ event: field('event') ?? 'message', id, data: JSON.parse(data) as Record<string, unknown> });
  }
}
