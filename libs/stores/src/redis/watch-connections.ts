import type { Redis } from 'ioredis';

/** Puts that are under way at once; further ones wait for a connection. */
const CONNECTIONS_MAX = 8;

/**
 * Connections for WATCH, each for one put at a time: WATCH and MULTI belong to the connection, so a shared one would mix the puts.
 *
 * They do not connect again. A driver that connects again between WATCH and EXEC sends the EXEC on a connection that watches nothing, and
 * Redis runs it unchecked. A connection that broke is dropped, and its put fails.
 */
export class WatchConnections {
  private readonly idle: Redis[] = [];
  private readonly waiting: (() => void)[] = [];
  private open = 0;

  constructor(private readonly redis: Pick<Redis, 'duplicate'>) {}

  /** Runs `work` alone on a connection. @throws what `work` throws, or the driver when the connection is gone */
  async use<T>(work: (connection: Redis) => Promise<T>): Promise<T> {
    while (this.open === CONNECTIONS_MAX) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.open++;
    const connection = this.idle.pop() ?? this.connect();
    try {
      const result = await work(connection);
      if (connection.status === 'ready') this.idle.push(connection);
      return result;
    } catch (error) {
      // What it still watches ends with it. On one that has ended, the driver would wait two seconds for its end.
      if (connection.status !== 'end') connection.disconnect();
      throw error;
    } finally {
      this.open--;
      this.waiting.shift()?.();
    }
  }

  /** Of the idle ones; those in use close when their put ends. */
  close(): void {
    for (const connection of this.idle.splice(0)) connection.disconnect();
  }

  private connect(): Redis {
    const connection = this.redis.duplicate({ retryStrategy: () => null });
    // The put that uses it is told by its command; an idle one is found closed.
    connection.on('error', () => undefined);
    connection.on('end', () => {
      const at = this.idle.indexOf(connection);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return connection;
  }
}
