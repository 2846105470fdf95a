import { derivedId, type ReceivedMessage } from '@backstep/messages';

/** What the inbox is given: a record as Kafka delivered it. */
export type Delivered = ReceivedMessage;

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The deduplication id: the event's own where it has one. What is not a CloudEvent gets one from where it stands, so that it is
 * parked once however often it is delivered. (The timestamp is in it because offsets begin again when a topic is made anew.)
 */
export function dedupeIdOf({ headers, topic, partition, offset, timestamp }: Delivered): string {
  const id = headers['ce_id'];
  return id !== undefined && UUID.test(id)
    ? id.toLowerCase()
    : derivedId('undecodable', topic, String(partition), offset, String(timestamp));
}
