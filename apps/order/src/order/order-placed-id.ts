import { derivedId } from '@backstep/messages';

/** `xxxxxxxx-xxxx-7xxx-`: the time of a UUIDv7, and what tells ids of one millisecond apart. */
const TIME_PART = 19;

/**
 * The id of an order's OrderPlaced, made from the order's: announced again it is the same message, which whoever has handled it drops
 * as a duplicate. It has the order's time, as every id of a message tells when it was made.
 */
export const orderPlacedId = (orderId: string): string =>
  orderId.slice(0, TIME_PART).toLowerCase() + derivedId('OrderPlaced', orderId.toLowerCase()).slice(TIME_PART);
