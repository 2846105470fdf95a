import { newId } from '@backstep/messages';

/** Ids that are drawn for one order at most. Of four hosts that share the shards evenly, one order in ten thousand is given away then. */
export const DRAWS_MAX = 32;

/**
 * An id for a new order whose messages are handled in this process, so that each of them can be handed over here. After `DRAWS_MAX` draws any id is
 * taken: its messages go by Kafka.
 */
export function ownOrderId(isOurs: (orderId: string) => boolean): string {
  let id = newId();
  for (let draws = 1; draws < DRAWS_MAX && !isOurs(id); draws++) id = newId();
  return id;
}
