import { derivedId } from '@backstep/messages';

/** The length of `xxxxxxxx-xxxx-7xxx-`: the time of a UUIDv7, and the part that tells ids of one millisecond apart. */
const TIME_PART = 19;

/**
 * The id of an order's OrderPlaced, derived from the order's id. A repeated announcement is the same message, which a reader that has handled
 * it drops as a duplicate. The id has the order's time, since the id of every message tells when the message was made.
 */
export const orderPlacedId = (orderId: string): string =>
  orderId.slice(0, TIME_PART).toLowerCase() + derivedId('OrderPlaced', orderId.toLowerCase()).slice(TIME_PART);
