import type { ServerResponse } from 'node:http';

/** Smaller answers are not counted: those of all connections, `answersWaitingMax` on each, are 64 MB at most. */
const COUNTED_BYTES = 2_048;

/** Bounds the memory of answers that clients have not read yet: a client that requests much and reads nothing leaves its answers with us. */
export class UntakenAnswers {
  /** Bytes of each answer, in the order in which the answers were written to their sockets. */
  private readonly bytesOf = new Map<ServerResponse, number>();
  private total = 0;

  constructor(private readonly bytesMax: number) {}

  /** Beyond the bound, the connection with the oldest unread answer is closed. A client that reads has no old answers. */
  add(response: ServerResponse, bytes: number): void {
    this.delete(response);
    if (bytes < COUNTED_BYTES || response.req.socket.destroyed) return;
    this.bytesOf.set(response, bytes);
    this.total += bytes;
    for (const oldest of this.bytesOf.keys()) {
      if (this.total <= this.bytesMax || oldest === response) return;
      this.delete(oldest);
      oldest.req.socket.destroy();
    }
  }

  delete(response: ServerResponse): void {
    this.total -= this.bytesOf.get(response) ?? 0;
    this.bytesOf.delete(response);
  }
}
