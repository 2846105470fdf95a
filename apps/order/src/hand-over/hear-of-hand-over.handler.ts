import { ShipmentHandedOver } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, one, type Change, type DecideContext, type Loaded } from '@backstep/unit-of-work';
import { HandOver } from './hand-over.entity.js';

/**
 * Keeps in mind that the carrier has the parcel, so that a change of its order is refused at once. Whoever asks before this is known, or after
 * Kafka has lost the event, is refused by the saga, which asks the carrier.
 */
@Handles(ShipmentHandedOver)
export class HearOfHandOverHandler {
  needs({ data }: Message<typeof ShipmentHandedOver>) {
    return { handOver: one(HandOver, data.orderId) };
  }

  decide(
    { data: { orderId } }: Message<typeof ShipmentHandedOver>,
    { handOver }: Loaded<HearOfHandOverHandler>,
    { now }: Pick<DecideContext, 'now'>,
  ): Change[] {
    return handOver ? [] : [insert(HandOver, { orderId, heardAt: new Date(now) })];
  }
}
