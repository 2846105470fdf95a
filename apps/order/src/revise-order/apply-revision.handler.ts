import { ApplyRevision, OrderRevised } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { OrderRevision } from '../order-revision/order-revision.entity.js';
import { EndedRevisionError, revisingOrder } from '../order-revision/revision-under-way.js';
import { Order } from '../order/order.entity.js';

/** Ends a revision that everybody has agreed to: the order is as it says, and its log has the operations. */
@Handles(ApplyRevision)
export class ApplyRevisionHandler {
  needs({ data }: Message<typeof ApplyRevision>) {
    return { order: one(Order, data.orderId), revision: one(OrderRevision, data.revisionId) };
  }

  decide(command: Message<typeof ApplyRevision>, { order, revision }: Loaded<ApplyRevisionHandler>): Change[] {
    const under = revisingOrder('ApplyRevision', command.data, order, revision);
    const { orderId, revisionId } = command.data;
    const { items, total, shippingAddress, operations } = under.revision;
    const data = { orderId, revisionId, total, items: [...items] };
    switch (under.revision.status) {
      case 'REQUESTED': {
        const ops = operations.length > 0 ? { ops: operations } : {};
        const revised = update(
          Order,
          under.order,
          { status: 'CONFIRMED', change: null, items, total, shippingAddress },
          ops,
        );
        return [
          update(OrderRevision, under.revision, { status: 'APPLIED' }),
          revised,
          reply(command, OrderRevised, data, { of: revised }),
        ];
      }
      case 'APPLIED':
        return [reply(command, OrderRevised, data)];
      case 'REJECTED':
        throw new EndedRevisionError(under.revision, 'APPLIED');
    }
  }
}
