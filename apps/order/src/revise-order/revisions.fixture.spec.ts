import { ApplyRevision, RejectRevision, ShipmentHandedOver, type Failure, type PricedItem } from '@backstep/contracts';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { HandOver } from '../hand-over/hand-over.entity.js';
import { HearOfHandOverHandler } from '../hand-over/hear-of-hand-over.handler.js';
import { OrderRevision } from '../order-revision/order-revision.entity.js';
import type { OrderEdit } from '../order-revision/order-revision.rules.js';
import { Order } from '../order/order.entity.js';
import { ProductPrice } from '../product-price/product-price.entity.js';
import { ApplyRevisionHandler } from './apply-revision.handler.js';
import { RejectRevisionHandler } from './reject-revision.handler.js';
import { reviseOrderOnce } from './revise-order.handler.js';

export const ADDRESS = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
export const OUT_OF_STOCK: Failure = { code: 'out_of_stock', message: 'not enough in stock: pot (0 of 1)' };

/** Prices are not those of the order's lines, so that a line that loses its price is seen. */
const PRICES: Readonly<Record<string, number>> = { cup: 700, jar: 800, mug: 900, pot: 1_000, lid: 50 };

/** A confirmed order of three lines at version 3, and those who revise it, without a database. */
export async function anOrderToRevise(changes: Partial<Order> = {}) {
  const rows = await InMemoryRows.of([Order, OrderRevision, HandOver, ProductPrice, IdempotencyKey]);
  for (const [sku, price] of Object.entries(PRICES))
    rows.put(ProductPrice, { sku, name: sku, currency: 'EUR', price, productVersion: 1 });
  rows.put(ProductPrice, { sku: 'tea', name: 'tea', currency: 'GBP', price: 300, productVersion: 1 });
  const id = newId();
  const items: readonly PricedItem[] = [
    { sku: 'cup', quantity: 1, unitPrice: 100 },
    { sku: 'jar', quantity: 2, unitPrice: 200 },
    { sku: 'mug', quantity: 3, unitPrice: 300 },
  ];
  rows.put(Order, {
    id,
    status: 'CONFIRMED',
    currency: 'EUR',
    total: 1_400,
    items,
    paymentMethod: 'pm_card_visa',
    shippingAddress: ADDRESS,
    failureCode: null,
    failureMessage: null,
    change: null,
    cancellation: null,
    createdAt: new Date(Date.UTC(2030, 0, 1)),
    traceparent: 'tp',
    version: 3,
    ...changes,
  });
  const about = (revisionId = rows.find(Order, id)?.change?.id ?? newId()) => ({ orderId: id, revisionId });
  return {
    id,
    rows,
    order: () => rows.find(Order, id),
    revisions: () => rows.all(OrderRevision),
    revise(edit: OrderEdit, basis?: number, key?: string) {
      const request = { id, basis, edit, revisionId: newId(), traceparent: 'tp' };
      const { answer: decided, said } = rows.request(reviseOrderOnce, keyed(key, { id, basis, edit }, request));
      return { ...decided.answer, replayed: decided.replayed, said };
    },
    /** The carrier has the parcel, and this service hears of it. */
    handOver: () =>
      rows.handle(
        new HearOfHandOverHandler(),
        aMessage(ShipmentHandedOver, { orderId: id, shipmentId: newId(), trackingNumber: 'BS1', items: [] }),
      ),
    /** Everybody agrees to the revision that is requested. */
    apply: (revisionId?: string) => rows.handle(new ApplyRevisionHandler(), aMessage(ApplyRevision, about(revisionId))),
    /** Somebody refuses it. */
    reject: (revisionId?: string, failure = OUT_OF_STOCK) =>
      rows.handle(new RejectRevisionHandler(), aMessage(RejectRevision, { ...about(revisionId), failure })),
  };
}
