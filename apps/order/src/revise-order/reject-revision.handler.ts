import { OrderRevisionRejected, RejectRevision } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { OrderRevision } from '../order-revision/order-revision.entity.js';
import { EndedRevisionError, revisingOrder } from '../order-revision/revision-under-way.js';
import { Order } from '../order/order.entity.js';

/** Ends a revision that somebody has refused: the order stays as it was, and keeps the reason. */
@Handles(RejectRevision)
export class RejectRevisionHandler {
  needs({ data }: Message<typeof RejectRevision>) {
    return { order: one(Order, data.orderId), revision: one(OrderRevision, data.revisionId) };
  }

  decide(command: Message<typeof RejectRevision>, { order, revision }: Loaded<RejectRevisionHandler>): Change[] {
    const under = revisingOrder('RejectRevision', command.data, order, revision);
    const { orderId, revisionId } = command.data;
    switch (under.revision.status) {
      case 'REQUESTED': {
        const { failure } = command.data;
        const kept = update(Order, under.order, { status: 'CONFIRMED', change: null });
        const rejected = { status: 'REJECTED', failureCode: failure.code, failureMessage: failure.message } as const;
        return [
          update(OrderRevision, under.revision, rejected),
          kept,
          reply(command, OrderRevisionRejected, { orderId, revisionId, failure }, { of: kept }),
        ];
      }
      case 'REJECTED': {
        const { code, message } = command.data.failure;
        const { failureCode, failureMessage } = under.revision;
        const failure = { code: failureCode ?? code, message: failureMessage ?? message };
        return [reply(command, OrderRevisionRejected, { orderId, revisionId, failure })];
      }
      case 'APPLIED':
        throw new EndedRevisionError(under.revision, 'REJECTED');
    }
  }
}
