import type { BrowsedRecord } from '@backstep/kafka';
import { isSecretKey, REDACTED, redactText } from '@backstep/redaction';
import { z } from 'zod';
import { OrderMessage, toOrderMessage } from './order-message.js';
import { withoutSecrets } from './without-secrets.js';

/** Bytes of a value that a page shows. One message alone is shown whole. */
export const VALUE_BYTES_MAX = 32 * 1024;
/** Characters of a value that is no JSON: what may be secret in it is looked for in so many. */
const TEXT_MAX = 8_192;

const FORMATS = ['json', 'text', 'binary', 'none', 'unreadable'] as const;
export type ValueFormat = (typeof FORMATS)[number];

export const LogMessage = OrderMessage.extend({
  value: z.unknown().meta({
    description:
      'As `valueFormat` says: the JSON value, or its text where it is cut; the text; the bytes as Base64; null. ' +
      'What names a secret or a person’s data by its key is left out.',
  }),
  valueFormat: z.enum(FORMATS).meta({
    description:
      '`none`: the record has no value. `binary`: it is no UTF-8. `unreadable`: `unreadable` says why; the value has the first bytes, where there are any.',
  }),
  valueBytes: z
    .int()
    .nullable()
    .meta({ description: 'The size of its value in Kafka; null without one, or when it cannot be read' }),
  valueTruncated: z.boolean().meta({ description: 'The value is longer than is shown here' }),
}).meta({ id: 'LogMessage', description: 'A record of Kafka, shown as what it is' });
export type LogMessage = z.infer<typeof LogMessage>;

/** A record as operators see it: what is secret in it, or of a person, is hidden. @param maxBytes of its value */
export function toLogMessage(record: BrowsedRecord, maxBytes: number): LogMessage {
  const { topic, partition, offset, timestamp, key, headers, unreadable } = toOrderMessage({ ...record, value: null });
  return {
    ...{ topic, partition, offset, timestamp, key },
    headers: shownHeaders(headers),
    ...shownValue(record, maxBytes),
    valueBytes: record.valueBytes,
    ...(unreadable && { unreadable }),
  };
}

export const shownHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, isSecretKey(name) ? REDACTED : text]));

type ShownValue = Pick<LogMessage, 'value' | 'valueFormat' | 'valueTruncated'>;

function shownValue({ value, binary, unreadable }: BrowsedRecord, maxBytes: number): ShownValue {
  if (unreadable) {
    const text = value === null ? null : shownText(value, maxBytes);
    return { value: text, valueFormat: 'unreadable', valueTruncated: value !== null };
  }
  if (binary) return shownBinary(binary, maxBytes);
  if (value === null) return { value: null, valueFormat: 'none', valueTruncated: false };
  const parsed = parsedOf(value);
  if (!parsed) {
    const text = shownText(value, maxBytes);
    return { value: text, valueFormat: 'text', valueTruncated: isCut(value, maxBytes) };
  }
  // A JSON value that is one text has no keys either.
  if (typeof parsed.json === 'string') {
    const text = shownText(parsed.json, maxBytes);
    return { value: text, valueFormat: 'json', valueTruncated: isCut(parsed.json, maxBytes) };
  }
  const shown = withoutSecrets(parsed.json);
  // A character of UTF-16 is at most three bytes of UTF-8.
  if (value.length * 3 <= maxBytes) return { value: shown, valueFormat: 'json', valueTruncated: false };
  const text = JSON.stringify(shown);
  const cut = cutTo(text, maxBytes);
  return cut === text
    ? { value: shown, valueFormat: 'json', valueTruncated: false }
    : { value: cut, valueFormat: 'json', valueTruncated: true };
}

function parsedOf(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

const isCut = (text: string, maxBytes: number): boolean => text.length > TEXT_MAX || Buffer.byteLength(text) > maxBytes;

const shownText = (text: string, maxBytes: number): string => cutTo(redactText(text.slice(0, TEXT_MAX)), maxBytes);

/** Where something in the bytes reads like a secret, none of them is shown. */
function shownBinary(bytes: Buffer, maxBytes: number): ShownValue {
  const kept = bytes.subarray(0, Math.min(maxBytes, TEXT_MAX));
  const text = kept.toString('latin1');
  if (redactText(text) !== text) return { value: REDACTED, valueFormat: 'binary', valueTruncated: true };
  return { value: kept.toString('base64'), valueFormat: 'binary', valueTruncated: kept.length < bytes.length };
}

/** Never within a character: a continuation byte of UTF-8 begins with the bits 10. */
function cutTo(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let kept = maxBytes;
  while (kept > 0 && ((bytes[kept] ?? 0) & 0xc0) === 0x80) kept--;
  return bytes.toString('utf8', 0, kept);
}
