import { waitUntil } from '@backstep/testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';

/** Not a suite: an endpoint of webhooks, which checks each signature with the official package and keeps the events in order of arrival. */
export const SECRET = 'whsec_of_the_specs';

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly before: unknown;
  /** Of the request that made the record. */
  readonly key: string | null;
}

export class Receiver {
  readonly events: Received[] = [];
  /** What it answers to each delivery. */
  status = 200;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => {
      void (async () => {
        const event = Stripe.webhooks.constructEvent(
          await text(request),
          request.headers['stripe-signature'] ?? '',
          SECRET,
        );
        receiver.events.push({
          id: event.id,
          type: event.type,
          object: event.data.object as unknown as Received['object'],
          before: event.data.previous_attributes,
          key: event.request?.idempotency_key ?? null,
        });
        response.writeHead(receiver.status).end('{}');
      })().catch((error: unknown) => response.writeHead(400).end(String(error)));
    });
    const receiver = new Receiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/webhooks/provider`;
  }

  until(count: number): Promise<readonly Received[]> {
    return waitUntil(`${count} deliveries`, () => this.events.length >= count && this.events);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
