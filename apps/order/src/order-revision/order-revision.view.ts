import type { OrderRevisionView } from '@backstep/contracts/http';
import type { OrderRevision } from './order-revision.entity.js';

export const orderRevisionView = (revision: OrderRevision): OrderRevisionView => ({
  id: revision.id,
  status: revision.status,
  operations: revision.operations,
  items: revision.items,
  total: revision.total,
  shippingAddress: revision.shippingAddress,
  failure: revision.failureCode && { code: revision.failureCode, message: revision.failureMessage ?? '' },
  requestedAt: revision.requestedAt.toISOString(),
});
