/** A record as it was read. Nothing is checked yet: `decode` of contracts does that. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: Kafka's offsets are 64 bit. */
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /** Milliseconds since 1970, set by the sender. */
  readonly timestamp: number;
}

/** What one fetch brought for one partition, in order, never empty. */
export interface MessageBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
}

type HeaderValue = Buffer | string | null | undefined;

/** The record as kafkajs hands it over. */
export interface RawRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | (Buffer | string | null)[]>>;
}

export function toReceived(topic: string, partition: number, record: RawRecord): ReceivedMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.headers ?? {})) {
    // A header may be repeated; CloudEvents attributes are not, so the first one speaks.
    const first = Array.isArray(value) ? value[0] : value;
    if (first != null) headers[name] = first.toString();
  }
  return {
    topic,
    partition,
    offset: record.offset,
    key: record.key?.toString() ?? null,
    headers,
    value: record.value?.toString() ?? null,
    timestamp: Number(record.timestamp),
  };
}
