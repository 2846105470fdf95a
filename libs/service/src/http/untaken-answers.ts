import type { ServerResponse } from 'node:http';

/** Smaller answers are not counted: those of all connections, `answersWaitingMax` on each, are 64 MB. */
const COUNTED_BYTES = 2_048;

/** What answers the clients have not taken in yet: a client that asks for much and reads nothing leaves it with us. */
export class UntakenAnswers {
  /** In the order in which they were given to the socket. */
  private readonly bytesOf = new Map<ServerResponse, number>();
  private total = 0;

  constructor(private readonly bytesMax: number) {}

  /** Beyond the bound, the connection that has not taken its answer in for longest is closed; one that reads has no old answers. */
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
