import { expect } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';
import type { Answer } from './test-system.fixture.spec.js';

/** Orders of one product, which nobody else orders, and customers who repeat what was not answered, with the same key. */
export const SKU = 'tea-caddy';
/** How long a customer waits for the outcome of the order, seconds. */
export const AT_ONCE = 0;
const TO_THE_END = 20;
/** Longer than a process that was killed needs to come back, milliseconds. */
const ANSWERED_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 90_000;

export interface ChangedOrder {
  readonly id: string;
  readonly etag: string;
  readonly total: number;
}

export interface Edit {
  readonly lines: readonly { readonly op: 'addLine'; readonly sku: string; readonly quantity: number }[];
  readonly shippingAddress?: object;
}

interface Saga {
  readonly type: string;
  readonly state: string;
  readonly awaiting: { readonly step: string } | null;
}

interface Shown {
  readonly status: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly change: object | null;
  readonly cancellation: { readonly refusal: { readonly code: string } | null } | null;
  readonly sagas: readonly Saga[] | null;
}

const placed: string[] = [];

export async function listProduct(): Promise<void> {
  const body = { name: SKU, currency: 'EUR', price: 300, onHand: 10_000 };
  expect((await system.api('PUT', `/v1/products/${SKU}`, { body })).status).toBe(201);
  await waitUntil('the order service knows the product', async () => (await order(TO_THE_END)).status === 202);
}

const order = (seconds: number): Promise<Answer> =>
  system.api('POST', '/v1/orders', {
    body: { ...SAMPLES[0]?.order, items: [{ sku: SKU, quantity: 1 }] },
    headers: { 'idempotency-key': randomUUID(), prefer: `wait=${seconds}` },
  });

/** @param seconds how long the customer waits for the outcome */
export async function place(seconds: number): Promise<ChangedOrder> {
  const { status, body } = await order(seconds);
  expect(status).toBe(202);
  const id = String(body['id']);
  placed.push(id);
  return { id, etag: `"v${String(body['version'])}"`, total: Number(body['total']) };
}

export async function confirmed(count: number): Promise<readonly ChangedOrder[]> {
  const orders = await Promise.all(Array.from({ length: count }, () => place(TO_THE_END)));
  for (const { id } of orders) expect(await settled(id)).toMatchObject({ status: 'CONFIRMED' });
  return orders;
}

/** Resolves when the cancellation is accepted. */
export const cancel = ({ id, etag }: ChangedOrder): Promise<void> => accepted('POST', `/v1/orders/${id}/cancel`, etag);

/** Resolves when the revision is accepted. */
export const revise = ({ id, etag }: ChangedOrder, edit: Edit): Promise<void> =>
  accepted('PATCH', `/v1/orders/${id}`, etag, edit);

/** The carrier takes the parcel. Resolves when that is answered, however it is. */
export async function handOver({ id }: ChangedOrder): Promise<void> {
  const path = `/v1/shipments/${id}`;
  const etag = (await system.api('GET', path)).headers.get('etag') ?? '';
  const headers = { 'if-match': etag, 'idempotency-key': randomUUID() };
  await system.api('POST', `${path}/hand-over`, { headers });
}

async function accepted(method: string, path: string, etag: string, body?: object): Promise<void> {
  const headers = { 'if-match': etag, 'idempotency-key': randomUUID() };
  const answered = async (): Promise<number | false> => {
    const { status } = await system.api(method, path, { headers, ...(body && { body }) });
    return status < 500 && status;
  };
  expect({ path, status: await waitUntil(`${method} ${path} is answered`, answered, ANSWERED_WITHIN_MS) }).toEqual({
    path,
    status: 202,
  });
}

async function read(id: string): Promise<Shown | undefined> {
  const { status, body } = await system.api('GET', `/v1/orders/${id}`);
  return status === 200 ? (body as unknown as Shown) : undefined;
}

/** Resolves when the saga waits for the answer of the participant that this step asks. */
export const standsAt = (id: string, type: string, step: string): Promise<unknown> =>
  waitUntil(`${type} of ${id} stands at ${step}`, async () =>
    (await read(id))?.sagas?.some((saga) => saga.type === type && saga.awaiting?.step === step),
  );

/** Resolves when place-order is on its way back, or has gone it. */
export const isTurned = (id: string): Promise<unknown> =>
  waitUntil(`place-order of ${id} is turned back`, async () =>
    (await read(id))?.sagas?.some(({ state }) => state === 'COMPENSATING' || state === 'COMPENSATED'),
  );

const ENDS = ['COMPLETED', 'COMPENSATED'];

/** The order, when neither it nor one of its sagas waits for anything. */
export const settled = (id: string): Promise<Shown> =>
  waitUntil(
    `order ${id} and its sagas have ended`,
    async () => {
      const shown = await read(id);
      const isPending = shown?.status === 'PENDING' || shown?.change !== null;
      return !isPending && shown?.sagas?.length && shown.sagas.every(({ state }) => ENDS.includes(state)) && shown;
    },
    ENDED_WITHIN_MS,
  ) as Promise<Shown>;

export const sagasOf = ({ sagas }: Shown): string[] => (sagas ?? []).map(({ type, state }) => `${type} ${state}`);

/** Of the product, in stock. */
export const reserved = async (): Promise<unknown> => (await system.api('GET', `/v1/products/${SKU}`)).body['reserved'];

/** Of the product, by all confirmed orders of this chapter, and by the one that has found the product listed. */
export async function held(): Promise<number> {
  let count = 1;
  for (const id of placed) {
    const { status, items, cancellation } = await settled(id);
    const isGone = cancellation?.refusal?.code === 'handed_over';
    if (status === 'CONFIRMED' && !isGone) count += items.reduce((sum, { quantity }) => sum + quantity, 0);
  }
  return count;
}
