/** A record as it was read from Kafka, not yet checked: `decode` does that. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: Kafka's offsets are 64 bit. */
  readonly offset: string;
  /** A key that is not UTF-8 becomes U+FFFD and its bytes in hexadecimal, so that different keys stay different. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /**
   * Milliseconds since 1970, within the range of a `Date`. In a topic with the broker's time (`LogAppendTime`) when the broker took the record,
   * otherwise the sender's time; −1 without one.
   */
  readonly timestamp: number;
  /** Set when the record could not be read as a whole. Then `key` is null, `headers` are empty, and `value` is null or its first bytes. */
  readonly unreadable?: Unreadable | undefined;
}

/** Why a record could not be read. It cannot be handled, so its reader parks it. */
export interface Unreadable {
  /** `unreadable`: damaged, or in an unknown format. `oversize`: larger than the bound. */
  readonly cause: 'unreadable' | 'oversize';
  /** A text for operators, without the record's bytes. */
  readonly error: string;
  /** The size of the record or batch that was not opened, where it is known. */
  readonly sizeBytes?: number | undefined;
}
