import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { TopicDeclaration, WireMessage } from '@backstep/messages';
import { createTopics } from '../topics.js';

/** For specs: the real Kafka that they run on, unique names, and a proxy to Kafka that can be closed. */
export function testBrokers(): string[] {
  const brokers = process.env['TEST_KAFKA_BROKERS'];
  if (!brokers) throw new Error('set TEST_KAFKA_BROKERS=host:port to a Kafka, or run `npm test`, which starts one');
  return brokers.split(',');
}

export const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

export async function makeTopics(...topics: readonly { name: string; partitions: number }[]): Promise<string[]> {
  const declared: TopicDeclaration[] = topics.map(({ name, partitions }) => ({
    name: unique(name),
    partitions,
    retentionMs: 60 * 60 * 1000,
  }));
  await createTopics(testBrokers(), declared);
  return declared.map(({ name }) => name);
}

export const wire = (topic: string, key: string, value: string): WireMessage => ({
  topic,
  key,
  value,
  headers: { ce_id: randomUUID() },
});

const POLL_MS = 10;

export async function until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await wait(POLL_MS);
  }
}

/** A TCP proxy to Kafka on a port that refuses connections until it is opened. */
export class Door {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  private constructor(readonly port: number) {}

  /** Takes a free port and leaves it closed. */
  static async shut(): Promise<Door> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new Door(address.port);
  }

  get broker(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How many are open through it. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  async open(): Promise<void> {
    const [host, port] = (testBrokers()[0] ?? '').split(':');
    const server = createServer((inside) => {
      const outside = connect({ host, port: Number(port) });
      for (const [socket, other] of [[inside, outside] as const, [outside, inside] as const]) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy()).on('close', () => this.sockets.delete(socket));
        socket.pipe(other);
      }
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  }
}
