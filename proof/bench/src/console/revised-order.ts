import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { get } from './get.js';

const ENDED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;

interface Order {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly items: readonly { readonly sku: string }[];
}

export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The newest order, revised so often: each time a saga of some thirteen messages.
 * @throws Error when a revision is refused, or does not end
 */
export async function revisedOrder(gatewayUrl: string, revisions: number, signal: AbortSignal): Promise<string> {
  const { body } = await get<{ readonly items: readonly Order[] }>(new URL('/v1/orders?limit=1', gatewayUrl), signal);
  const [newest] = body.items;
  if (!newest) throw new Error('there is no order to revise');
  const url = new URL(`/v1/orders/${newest.id}`, gatewayUrl);
  for (let revision = 0; revision < revisions; revision++) {
    const { version, items } = await confirmed(url, signal);
    const answer = await fetch(url, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        'if-match': `"v${version}"`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ lines: [{ op: 'setQuantity', sku: items[0]?.sku, quantity: 2 - (revision % 2) }] }),
      signal,
    });
    if (answer.status !== 202) throw new Error(`a revision was answered ${answer.status}: ${await answer.text()}`);
  }
  await confirmed(url, signal);
  return newest.id;
}

async function confirmed(url: URL, signal: AbortSignal): Promise<Order> {
  for (const until = performance.now() + ENDED_WITHIN_MS; performance.now() < until;) {
    const { body } = await get<Order>(url, signal);
    if (body.status === 'CONFIRMED') return body;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new Error(`an order is not confirmed after ${ENDED_WITHIN_MS / 1_000} s`);
}
