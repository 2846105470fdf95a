import { once } from 'node:events';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { FRAME, FrameReader, frameOf } from './frames.js';
import { FRAME_MAX_BYTES } from './limits.js';

/* What specs of express between processes do to the links between them (no spec itself). */

/** What a lying peer does with its messages: sends each twice, each two in the wrong order, or every other not at all. */
export const LIES = ['repeated', 'swapped', 'left-out'] as const;
type Lie = (typeof LIES)[number];

/** What a link does with what goes over it. `silent`: it swallows everything; `half-open`: it swallows what goes to the reader. */
export type Fault = 'whole' | 'slow' | 'silent' | 'half-open' | Lie;

/** How many bytes a slow link passes on, and how often, milliseconds. */
const SLOW = { bytes: 300, everyMs: 10 };

/** Stands between the processes that have their sockets in one folder: each socket file is replaced with one that leads to the former. */
export class Links {
  fault: Fault = 'whole';
  private readonly servers = new Map<string, Server>();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly folder: string) {}

  /** Takes over the socket files that are new. */
  async takeOver(): Promise<void> {
    for (const file of readdirSync(this.folder).filter((name) => name.endsWith('.sock'))) {
      if (this.servers.has(file)) continue;
      const path = join(this.folder, file);
      const behind = `${path}.behind`;
      renameSync(path, behind);
      const server = createServer((from) => this.link(from, behind)).listen(path);
      this.servers.set(file, server);
      await once(server, 'listening');
    }
  }

  /** Cuts all connections that there are. @returns how many */
  cut(): number {
    const { size } = this.sockets;
    for (const socket of this.sockets) socket.destroy();
    return size;
  }

  close(): void {
    for (const server of this.servers.values()) server.close();
    this.cut();
  }

  private link(from: Socket, path: string): void {
    if (!existsSync(path)) return void from.destroy();
    const to = connect({ path });
    const pair = [from, to];
    for (const socket of pair) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        for (const one of pair) one.destroy();
      });
    }
    const frames = new FrameReader();
    frames.maxBytes = FRAME_MAX_BYTES;
    const liar = new Liar();
    from.on('data', (bytes: Buffer) => {
      const told: Buffer[] = [];
      frames.push(bytes, (kind, body) => {
        const frame = frameOf(kind, body);
        told.push(...(kind === FRAME.message ? liar.tell(frame, this.fault) : [frame]));
      });
      if (told.length > 0) this.pass(Buffer.concat(told), from, to, this.fault === 'half-open');
    });
    to.on('data', (bytes) => this.pass(bytes, to, from, false));
  }

  private pass(bytes: Buffer, from: Socket, to: Socket, swallow: boolean): void {
    if (swallow || this.fault === 'silent') return;
    if (this.fault !== 'slow') return void to.write(bytes);
    // In order: nothing more is read until these bytes are passed on.
    from.pause();
    let at = 0;
    const timer = setInterval(() => {
      to.write(bytes.subarray(at, at + SLOW.bytes));
      at += SLOW.bytes;
      if (at < bytes.length && !to.destroyed) return;
      clearInterval(timer);
      from.resume();
    }, SLOW.everyMs);
  }
}

/** Somebody who has proved who it is, and hands over something else than it commits. */
class Liar {
  /** One that is told after the next. */
  private held: Buffer | undefined;
  private isOdd = false;

  /** @returns the messages that are told instead of this one */
  tell(message: Buffer, fault: Fault): readonly Buffer[] {
    const { held } = this;
    this.held = undefined;
    this.isOdd = !this.isOdd;
    if (fault === 'repeated') return [message, message];
    if (fault === 'left-out' && this.isOdd) return [];
    if (held) return [message, held];
    if (fault !== 'swapped') return [message];
    this.held = message;
    return [];
  }
}
