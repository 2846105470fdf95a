/** A record as it was read from Kafka, before anybody tried to understand it: `decode` checks it. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: Kafka's offsets are 64 bit. */
  readonly offset: string;
  /** One that is not UTF-8 is U+FFFD and its bytes in hexadecimal, so that different keys stay different. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /**
   * Milliseconds since 1970: when the broker took the record, in a topic whose time is the broker's (`LogAppendTime`); else what its sender
   * says. −1 when nobody said; within what a `Date` can show.
   */
  readonly timestamp: number;
  /** Set when the record could not be opened, or not whole: `key` is null then, `headers` are empty, `value` is null or the first bytes. */
  readonly unreadable?: Unreadable | undefined;
}

/** Why a record could not be opened. It cannot be handled, so its reader parks it. */
export interface Unreadable {
  /** unreadable: damaged, or in a form that nobody here knows. oversize: larger than is opened. */
  readonly cause: 'unreadable' | 'oversize';
  /** For an operator; without the record's bytes. */
  readonly error: string;
  /** The size of what was not opened, where that is known. */
  readonly sizeBytes?: number | undefined;
}
