import { one, type Change, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import { OrderRevision } from '../order-revision/order-revision.entity.js';
import { Order } from '../order/order.entity.js';
import { requestOf } from './revise-order.handler.js';

interface WaitingRevision {
  readonly orderId: string;
  readonly revisionId: string;
}

const needs = ({ orderId, revisionId }: WaitingRevision) => ({
  order: one(Order, orderId),
  revision: one(OrderRevision, revisionId),
});

/** Sends OrderRevisionRequested once more as the same message. A reader that has handled it drops it as a duplicate. */
export class AnnounceRevisionHandler implements RequestHandler<WaitingRevision, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    _: WaitingRevision,
    { order, revision }: LoadedNeeds<ReturnType<typeof needs>>,
  ): { answer: boolean; changes: Change[] } {
    if (!order || revision?.status !== 'REQUESTED') return { answer: false, changes: [] };
    return { answer: true, changes: [requestOf(order, revision, { traceparent: revision.traceparent ?? undefined })] };
  }
}
