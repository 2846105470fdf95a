import { ReservationRevised, ReviseReservation, RevisionRejected } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { ReservationRevision } from '../reservation/reservation-revision.entity.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { both, heldFor, more, moveStock, needsOf, refuseOtherRevision } from '../reservation/revision.rules.js';
import { shortages } from '../stock/stock.rules.js';

/**
 * Reserves what the new lines of an order need beside what it holds, or nothing. A repeated command gets the stored answer; a command with
 * other lines is parked.
 */
@Handles(ReviseReservation)
export class ReviseReservationHandler {
  needs({ data }: Message<typeof ReviseReservation>) {
    return needsOf(data);
  }

  decide(
    command: Message<typeof ReviseReservation>,
    { revision, reservation, stock }: Loaded<ReviseReservationHandler>,
  ): Change[] {
    const { orderId, revisionId, from, to } = command.data;
    if (revision) {
      refuseOtherRevision('ReviseReservation', command.data, revision);
      return [answerAgain(command, revision)];
    }

    const short = shortages(more(command.data), stock);
    if (reservation?.status === 'SHIPPED' || short.length > 0) {
      const status = reservation?.status === 'SHIPPED' ? 'TOO_LATE' : 'REJECTED';
      const rejected = insert(ReservationRevision, { orderId, revisionId, status, from, to, short });
      return [rejected, answerAgain(command, rejected.row)];
    }
    const holding = heldFor('ReviseReservation', orderId, from, reservation);
    const target = both(command.data);
    const revised = update(Reservation, holding, { items: target });
    return [
      insert(ReservationRevision, { orderId, revisionId, status: 'HELD', from, to, short: [] }),
      revised,
      ...moveStock(holding, target, stock),
      reply(command, ReservationRevised, { orderId, revisionId }, { of: revised }),
    ];
  }
}

function answerAgain(
  command: Message<typeof ReviseReservation>,
  { orderId, revisionId, status, short }: ReservationRevision,
): Change {
  switch (status) {
    case 'HELD':
    case 'SETTLED':
      return reply(command, ReservationRevised, { orderId, revisionId });
    case 'REJECTED':
      return reply(command, RevisionRejected, { orderId, revisionId, reason: 'out_of_stock', short: [...short] });
    case 'TOO_LATE':
      return reply(command, RevisionRejected, { orderId, revisionId, reason: 'shipped', short: [] });
    case 'RESTORED':
      return reply(command, RevisionRejected, { orderId, revisionId, reason: 'restored_first', short: [] });
  }
}
