import { ReservationRestored, RestoreReservation } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  ContradictoryCommandError,
  Handles,
  insert,
  reply,
  update,
  type Change,
  type Loaded,
} from '@backstep/unit-of-work';
import { ReservationRevision } from '../reservation/reservation-revision.entity.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { afterRevision, moveStock, needsOf, refuseOtherRevision } from '../reservation/revision.rules.js';

/**
 * Takes a revision back: the order holds its old lines alone. The command may come before the revision that it undoes, or without one: it
 * is stored, and a late revision is refused.
 */
@Handles(RestoreReservation)
export class RestoreReservationHandler {
  needs({ data }: Message<typeof RestoreReservation>) {
    return needsOf(data);
  }

  decide(
    command: Message<typeof RestoreReservation>,
    { revision, reservation, stock }: Loaded<RestoreReservationHandler>,
  ): Change[] {
    const { orderId, revisionId, from, to } = command.data;
    if (!revision) {
      const never = insert(ReservationRevision, { orderId, revisionId, status: 'RESTORED', from, to, short: [] });
      return [never, reply(command, ReservationRestored, { orderId, revisionId })];
    }
    refuseOtherRevision('RestoreReservation', command.data, revision);
    switch (revision.status) {
      case 'HELD': {
        const { held, items } = afterRevision('RestoreReservation', command.data, reservation, from);
        const restored = update(Reservation, held, { items });
        return [
          update(ReservationRevision, revision, { status: 'RESTORED' }),
          restored,
          ...moveStock(held, items, stock),
          reply(command, ReservationRestored, { orderId, revisionId }, { of: restored }),
        ];
      }
      case 'REJECTED':
      case 'TOO_LATE':
      case 'RESTORED':
        return [reply(command, ReservationRestored, { orderId, revisionId })];
      case 'SETTLED':
        throw new ContradictoryCommandError('RestoreReservation', [`revision ${revisionId} is settled`]);
    }
  }
}
