import { MAX_HEADERS_CHARACTERS, MAX_MESSAGE_BYTES } from '@backstep/messages';
import { storable, type StatementPart } from '@backstep/concurrency';
import { dedupeIdOf, type Delivered } from './delivered.js';
import { parkedError, parkedKey, parkedType } from './storable.js';

/** A message that is put aside, and why. */
export interface Parking {
  /** Default: {@link dedupeIdOf} of the delivered record. */
  readonly id?: string | undefined;
  readonly delivered: Delivered;
  readonly state: 'poisoned' | 'held';
  /** Short and stable, for grouping: `bad_json`, `handler_failed`, `behind_parked`, … */
  readonly cause: string;
  readonly error: string;
  /** Stores only the message's place in Kafka and its key: for a message whose content cannot be stored. */
  readonly stub?: boolean | undefined;
}

/** A unique violation of this table is a message that is parked already. */
export const PARKED_TABLE = 'parked_message';

/** Bytes that are kept, to look at, of a value that is too large to be handled. */
export const CUT_VALUE_BYTES = 4 * 1024;

/**
 * Parks messages within the batch's statement, so that a message is either handled, or parked, or neither yet.
 * What is stored is bounded. A message within the limits of what can be handled is stored whole, so it can be replayed. A larger one is
 * stored in part and marked as cut.
 */
export function parkPart(parkings: readonly Parking[]): StatementPart {
  const contents = parkings.map(contentOf);
  return {
    name: 'parked_in',
    sql:
      'INSERT INTO parked_message (id, state, topic, partition, kafka_offset, key, type, headers, value, cause, error, cut, size_bytes) ' +
      'SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[], $12::boolean[], $13::bigint[])',
    params: [
      parkings.map(({ id, delivered }) => id ?? dedupeIdOf(delivered)),
      parkings.map(({ state }) => state),
      parkings.map(({ delivered }) => delivered.topic),
      parkings.map(({ delivered }) => delivered.partition),
      parkings.map(({ delivered }) => delivered.offset),
      parkings.map(({ delivered }) => parkedKey(delivered.key)),
      contents.map(({ type }) => type),
      contents.map(({ headers }) => headers),
      contents.map(({ value }) => value),
      parkings.map(({ cause }) => cause),
      parkings.map(({ error }) => parkedError(error)),
      contents.map(({ cut }) => cut),
      contents.map(({ sizeBytes }) => sizeBytes),
    ],
    rows: parkings.length,
  };
}

interface Content {
  readonly type: string | null;
  readonly headers: string;
  readonly value: Buffer | null;
  readonly cut: boolean;
  readonly sizeBytes: number | null;
}

function contentOf({ delivered, stub }: Parking): Content {
  const { value: text, unreadable } = delivered;
  const value = text === null ? null : Buffer.from(text);
  const sizeBytes = unreadable ? (unreadable.sizeBytes ?? null) : (value?.length ?? null);
  if (stub) return { type: null, headers: '{}', value: null, cut: true, sizeBytes };
  const headers = kept(delivered.headers);
  const tooLarge = value !== null && value.length > MAX_MESSAGE_BYTES;
  return {
    type: parkedType(delivered.headers['ce_type']),
    headers: JSON.stringify(headers.kept),
    // A copy: a view of the buffer would keep the whole of it in memory.
    value: value !== null && (tooLarge || unreadable) ? Buffer.from(value.subarray(0, CUT_VALUE_BYTES)) : value,
    cut: tooLarge || unreadable !== undefined || headers.cut,
    sizeBytes,
  };
}

const OURS = /^(?:ce_|content-type$|traceparent$)/;

/** As many headers as a message may have in order to be handled, ours first. */
function kept(headers: Delivered['headers']): {
  readonly kept: Readonly<Record<string, string>>;
  readonly cut: boolean;
} {
  const names = Object.keys(headers);
  const sizeOf = (name: string): number => name.length + (headers[name]?.length ?? 0);
  let left = MAX_HEADERS_CHARACTERS;
  if (names.reduce((sum, name) => sum + sizeOf(name), 0) <= left) return { kept: headers, cut: false };
  const some: [string, string][] = [];
  for (const name of [...names.filter((one) => OURS.test(one)), ...names.filter((one) => !OURS.test(one))]) {
    if (sizeOf(name) > left) continue;
    left -= sizeOf(name);
    some.push([name, storable(headers[name] ?? '')]);
  }
  return { kept: Object.fromEntries(some), cut: true };
}
