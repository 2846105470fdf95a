import { VarintReader } from './varint.js';

type Header = Buffer | null;
export type Headers = Record<string, Header | Header[]>;

/** What kafkajs calls a record's `batchContext`, as far as it asks for it. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly partitionLeaderEpoch: number;
  readonly lastOffsetDelta: number;
  readonly timestampType: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly magicByte: number;
}

/** A record's content, as text. Of a header that is repeated the first one that has a value. */
export interface RecordTexts {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Record<string, string>;
}

/**
 * A record where it stands in its batch. Whoever asks for `key`, `value` and `headers` gets what kafkajs would give; `texts` makes no
 * buffers on the way: a record with 13 headers takes 5 µs from its batch to text, and took 16 by a buffer for each.
 */
export class FetchedRecord {
  readonly magicByte = 2;
  readonly isControlRecord = false;

  constructor(
    readonly batchContext: BatchContext,
    readonly attributes: number,
    readonly timestamp: string,
    readonly offset: string,
    private readonly batch: Buffer,
    /** Of its key, which its value and its headers follow. */
    private readonly at: number,
  ) {}

  get key(): Buffer | null {
    return new VarintReader(this.batch, this.at).nextBytes();
  }

  get value(): Buffer | null {
    const reader = new VarintReader(this.batch, this.at);
    reader.skip();
    return reader.nextBytes();
  }

  get headers(): Headers {
    const reader = new VarintReader(this.batch, this.at);
    reader.skip();
    reader.skip();
    // Without a prototype: a header may have any name.
    const headers = Object.create(null) as Headers;
    const count = reader.next();
    for (let position = 0; position < count; position++) {
      const name = nextName(reader, position);
      const value = reader.nextBytes();
      const before = headers[name];
      if (before === undefined) headers[name] = value;
      else if (Array.isArray(before)) before.push(value);
      else headers[name] = [before, value];
    }
    return headers;
  }

  texts(): RecordTexts {
    const reader = new VarintReader(this.batch, this.at);
    const key = reader.nextText();
    const value = reader.nextText();
    const headers: Record<string, string> = {};
    const count = reader.next();
    for (let position = 0; position < count; position++) {
      const name = nextName(reader, position);
      const text = reader.nextText();
      if (text !== null && !Object.hasOwn(headers, name)) headers[name] = text;
    }
    return { key, value, headers };
  }
}

const NAMES_MAX = 32;
const NAME_BYTES_MAX = 64;
/** Of the record before, by position: nearly always this one has the same. */
const names: { readonly bytes: Buffer; readonly text: string }[] = [];

function nextName(reader: VarintReader, position: number): string {
  const length = reader.next();
  const { bytes, at } = reader;
  reader.at += length;
  const before = names[position];
  if (before?.bytes.length === length && standsAt(before.bytes, bytes, at)) return before.text;
  const text = bytes.toString('utf8', at, at + length);
  if (position < NAMES_MAX && length <= NAME_BYTES_MAX) {
    names[position] = { bytes: Buffer.from(bytes.subarray(at, at + length)), text };
  }
  return text;
}

function standsAt(part: Buffer, whole: Buffer, at: number): boolean {
  for (let index = 0; index < part.length; index++) if (part[index] !== whole[at + index]) return false;
  return true;
}
