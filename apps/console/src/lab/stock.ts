import { ProblemError, read } from '../api/read.js';
import { newRequestKey } from '../api/request-key.js';
import { send } from '../api/send.js';

/** A product of the lab's own, so that no other runs out for it. */
export const LAB_ITEM = { sku: 'lab-item', name: 'A thing of the lab', currency: 'EUR', price: 5_00 } as const;

const STOCKED = 100_000;
const ENOUGH = 20_000;

/** Sees to it that there is more of it than a load takes. @throws ProblemError */
export async function stockUp(): Promise<void> {
  const { sku, ...listed } = LAB_ITEM;
  const product = await read('/v1/products/{sku}', { path: { sku } }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  });
  const headers = { 'Idempotency-Key': newRequestKey() };
  if (!product) {
    await send('put', '/v1/products/{sku}', { path: { sku }, headers, body: { ...listed, onHand: STOCKED } });
    return;
  }
  if (product.available >= ENOUGH) return;
  const body = { delta: STOCKED - product.available, reason: 'lab: stocked up' };
  await send('post', '/v1/products/{sku}/adjustments', { path: { sku }, headers, body });
}
