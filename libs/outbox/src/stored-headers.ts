import type { OutboxMessage } from './outbox.js';

/** What tells a row's headers, as it is in the table. */
export interface StoredHeaders extends Pick<OutboxMessage, 'id' | 'key'> {
  readonly headers: string;
}

/**
 * The headers of the codec's messages, in its order. Those that follow from the rest of the row are not stored; of the others, the values are,
 * without the names.
 */
const ALWAYS = [
  'content-type',
  'ce_specversion',
  'ce_id',
  'ce_type',
  'ce_source',
  'ce_subject',
  'ce_time',
  'ce_dataschema',
] as const;
const SOMETIMES = ['ce_sagaid', 'ce_causationid', 'ce_commandid', 'ce_aggregateversion', 'traceparent'] as const;
const NAMES: readonly string[] = [...ALWAYS, ...SOMETIMES];

const CONTENT_TYPE = 'application/json';
const SPEC_VERSION = '1.0';
const schemaOf = (type: string, version: string): string => `urn:backstep:schema:${type}:${version}`;

/** Begins what is no JSON: a process of a version that reads only JSON fails to read the row, and leaves it to one that can. */
const MARK = 'v1|';
const SEPARATOR = '|';
/** What PostgreSQL keeps as it is. It takes no U+0000, and half a surrogate pair becomes another character; JSON writes both as escapes. */
const PLAIN = /^[\x20-\x7e]*$/;
/** Type, version, source, time, and those that are there sometimes. */
const VALUES = 4 + SOMETIMES.length;

/**
 * The headers as text. Names and what the row says anyway are half of a row in the write-ahead log, and the same in every row: of the codec's
 * messages the values are written, separated by `|`. Any other headers are JSON.
 */
export function storedHeaders(message: Pick<OutboxMessage, 'id' | 'key' | 'headers'>): string {
  return valuesOf(message) ?? JSON.stringify(message.headers);
}

/** undefined: {@link headersOf} would not give back exactly these headers, in this order. */
function valuesOf({ id, key, headers }: Pick<OutboxMessage, 'id' | 'key' | 'headers'>): string | undefined {
  let at = 0;
  for (const name in headers) {
    while (at < NAMES.length && NAMES[at] !== name) at++;
    if (at++ === NAMES.length || headers[name] === '') return undefined;
  }
  const { ce_type: type = '', ce_source: source = '', ce_time: time = '', ce_dataschema: schema = '' } = headers;
  const version = schema.slice(schema.lastIndexOf(':') + 1);
  if (
    headers['content-type'] !== CONTENT_TYPE ||
    headers['ce_specversion'] !== SPEC_VERSION ||
    headers['ce_id'] !== id ||
    headers['ce_subject'] !== key ||
    schema !== schemaOf(type, version) ||
    source === '' ||
    time === ''
  ) {
    return undefined;
  }
  const values = [type, version, source, time];
  for (const name of SOMETIMES) values.push(headers[name] ?? '');
  const text = values.join(SEPARATOR);
  return PLAIN.test(text) && text.split(SEPARATOR).length === VALUES ? MARK + text : undefined;
}

/**
 * The headers of a row, by name.
 * @throws Error when a later version has written them
 */
export function headersOf({ id, key, headers: text }: StoredHeaders): Record<string, string> {
  if (!text.startsWith(MARK)) return JSON.parse(text) as Record<string, string>;
  const values = text.slice(MARK.length).split(SEPARATOR);
  if (values.length !== VALUES) throw new Error(`the headers of message ${id} in the outbox cannot be read`);
  const [type = '', version = '', source = '', time = '', ...others] = values;
  const headers: Record<string, string> = {
    'content-type': CONTENT_TYPE,
    ce_specversion: SPEC_VERSION,
    ce_id: id,
    ce_type: type,
    ce_source: source,
    ce_subject: key,
    ce_time: time,
    ce_dataschema: schemaOf(type, version),
  };
  SOMETIMES.forEach((name, at) => {
    const value = others[at];
    if (value) headers[name] = value;
  });
  return headers;
}
