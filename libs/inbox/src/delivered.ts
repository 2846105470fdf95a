import { derivedId, isUuid, type ReceivedMessage } from '@backstep/messages';

/** A record as Kafka delivered it. */
export type Delivered = ReceivedMessage;

/**
 * The deduplication id: the message's own id where it has one. The id of a record that is no CloudEvent is derived from its place in Kafka,
 * so that the record is parked once however often it is delivered. (The timestamp is a part of it, because offsets start again at zero
 * when a topic is created anew.)
 */
export function dedupeIdOf({ headers, topic, partition, offset, timestamp }: Delivered): string {
  const id = headers['ce_id'];
  return id !== undefined && isUuid(id)
    ? id.toLowerCase()
    : derivedId('undecodable', topic, String(partition), offset, String(timestamp));
}
