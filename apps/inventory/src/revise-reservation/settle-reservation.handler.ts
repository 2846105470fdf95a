import { ReservationSettled, SettleReservation } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { ContradictoryCommandError, Handles, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { ReservationRevision } from '../reservation/reservation-revision.entity.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { afterRevision, moveStock, needsOf, refuseOtherRevision } from '../reservation/revision.rules.js';

/** Ends a revision: the order holds exactly its new lines. It only gives back, so it cannot be refused. */
@Handles(SettleReservation)
export class SettleReservationHandler {
  needs({ data }: Message<typeof SettleReservation>) {
    return needsOf(data);
  }

  decide(
    command: Message<typeof SettleReservation>,
    { revision, reservation, stock }: Loaded<SettleReservationHandler>,
  ): Change[] {
    const { orderId, revisionId, to } = command.data;
    if (revision) refuseOtherRevision('SettleReservation', command.data, revision);
    if (revision?.status === 'SETTLED') return [reply(command, ReservationSettled, { orderId, revisionId })];
    if (revision?.status !== 'HELD') {
      const status = revision?.status ?? 'not there';
      throw new ContradictoryCommandError('SettleReservation', [`revision ${revisionId} is ${status}`]);
    }

    const { held, items } = afterRevision('SettleReservation', command.data, reservation, to);
    const settled = update(Reservation, held, { items });
    return [
      update(ReservationRevision, revision, { status: 'SETTLED' }),
      settled,
      ...moveStock(held, items, stock),
      reply(command, ReservationSettled, { orderId, revisionId }, { of: settled }),
    ];
  }
}
