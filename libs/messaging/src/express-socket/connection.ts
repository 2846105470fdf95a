import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { BadFrameError, FRAME, frameOf, FrameReader, type FrameKind } from './frames.js';
import { FRAME_MAX_BYTES, HANDSHAKE_TIMEOUT_MS, KEEP_ALIVE_MS, QUEUE_MAX_BYTES } from './limits.js';

/** What an end of a connection does with what it hears. */
export interface Hears {
  /** @throws BadFrameError, which closes the connection */
  frame(kind: FrameKind, body: Buffer): void;
  /** Called once. */
  closed(reason: string): void;
}

const CHANNEL_BYTES = 32;
const CHANNEL_LABEL = 'EXPORTER-backstep-express';

/**
 * Frames over a socket. Whatever goes wrong closes the connection, and costs nothing else. Until {@link trust} is called, frames are small, and the
 * connection is closed after `HANDSHAKE_TIMEOUT_MS`.
 */
export class Connection {
  private readonly reader = new FrameReader();
  private readonly deadline: NodeJS.Timeout;
  /** Frames of this turn of the event loop, which go with one write. */
  private frames: Buffer[] = [];
  private bytes = 0;
  private isClosed = false;

  constructor(
    private readonly socket: Socket,
    private readonly hears: Hears,
  ) {
    this.deadline = setTimeout(() => this.close('no proof in time'), HANDSHAKE_TIMEOUT_MS);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('end', () => this.close('the peer has ended'));
    socket.on('close', () => this.close('the socket is closed'));
  }

  /** What the two ends of this TLS connection alone know of it; empty for a Unix socket. */
  get channel(): string {
    if (!(this.socket instanceof TLSSocket)) return '';
    return this.socket.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, Buffer.alloc(0)).toString('base64url');
  }

  /** The peer has proved who it is. */
  trust(): void {
    clearTimeout(this.deadline);
    this.reader.maxBytes = FRAME_MAX_BYTES;
  }

  /** Whether the queue to the peer has room. What is sent beyond closes the connection. */
  get hasRoom(): boolean {
    return this.socket.writableLength + this.bytes < QUEUE_MAX_BYTES;
  }

  /** Sends a frame, with others of this turn of the event loop. */
  send(frame: Buffer): void {
    if (this.isClosed) return;
    if (!this.hasRoom) return this.close('the peer does not read');
    if (this.frames.length === 0) queueMicrotask(() => this.flush());
    this.frames.push(frame);
    this.bytes += frame.length;
  }

  tell(kind: FrameKind, body?: string): void {
    this.send(frameOf(kind, body));
  }

  /** Frames that were not written yet are lost. */
  close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.deadline);
    this.frames = [];
    this.socket.destroy();
    this.hears.closed(reason);
  }

  private flush(): void {
    const { frames, bytes } = this;
    if (frames.length === 0) return;
    this.frames = [];
    this.bytes = 0;
    this.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames, bytes));
  }

  private take(chunk: Buffer): void {
    try {
      this.reader.push(chunk, (kind, body) => {
        if (this.isClosed) return;
        if (kind === FRAME.ping) this.tell(FRAME.pong);
        else this.hears.frame(kind, body);
      });
    } catch (error) {
      this.close(error instanceof BadFrameError ? error.message : String(error));
    }
  }
}
