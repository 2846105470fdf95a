import { derivedId } from '@backstep/messages';

/** A message as Kafka delivered it, before anybody tried to understand it. */
export interface Delivered {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /** Milliseconds since the epoch, as the broker has it. */
  readonly timestamp: number;
  /** Set when the record could not be opened, or not whole: it is parked with this cause. */
  readonly unreadable?:
    | { readonly cause: 'unreadable' | 'oversize'; readonly error: string; readonly sizeBytes?: number | undefined }
    | undefined;
}

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
