import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const LIVE_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** What the process of the clients tells. */
export type Told =
  | { readonly kind: 'live' }
  | { readonly kind: 'so-far'; readonly bytes: number; readonly shed: number }
  | { readonly kind: 'lost'; readonly why: string };

/** Clients of the stream, in a process of their own. */
export class StreamReaders {
  /** Why a client reads no more, or has not begun in time. */
  lost: string | undefined;
  private isLive = false;
  private soFar: Extract<Told, { kind: 'so-far' }> | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (told: Told) => {
      if (told.kind === 'live') this.isLive = true;
      else if (told.kind === 'lost') this.lost ??= told.why;
      else this.soFar = told;
    });
    child.on('exit', (code, signal) => (this.lost ??= `the process of the clients has ended: ${signal ?? code}`));
    child.on('error', ({ message }) => (this.lost ??= message));
  }

  /** Resolves when all are told what is new, or one is not. */
  static async start(url: URL, clients: number, signal: AbortSignal): Promise<StreamReaders> {
    const file = fileURLToPath(new URL('stream-clients.js', import.meta.url));
    // A group of its own: Ctrl-C reaches the bench alone, which ends it.
    const child = fork(file, ['--url', url.href, '--clients', String(clients)], { detached: true });
    const readers = new StreamReaders(child);
    try {
      await readers.until('all streams were live', LIVE_WITHIN_MS, signal, () => readers.isLive);
      return readers;
    } catch (error) {
      await readers.stop();
      throw error;
    }
  }

  /** What they have read since they began; of a lost one no more. */
  async read(signal: AbortSignal): Promise<{ readonly bytes: number; readonly shed: number }> {
    this.soFar = undefined;
    if (this.child.connected) this.child.send('so-far');
    await this.until('all clients told what they have read', ANSWER_WITHIN_MS, signal, () => this.soFar !== undefined);
    return this.soFar ?? { bytes: 0, shed: 0 };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private async until(what: string, withinMs: number, signal: AbortSignal, look: () => boolean): Promise<void> {
    const end = performance.now() + withinMs;
    while (!look() && this.lost === undefined) {
      if (performance.now() > end) this.lost = `within ${withinMs / 1_000} s not ${what}`;
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}
