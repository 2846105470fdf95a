import type { BrowsedRecord } from '@backstep/kafka';
import { shownHeaders, toLogMessage } from '../representations/log-message.js';

/** Which records are wanted: all that are given must fit. */
export interface MessageFilter {
  readonly key?: string | undefined;
  /** A name, in which `*` stands for any characters: `*Refund*`. */
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly header?: HeaderFilter | undefined;
  readonly text?: string | undefined;
}

export interface HeaderFilter {
  readonly name: string;
  readonly value: string;
}

/** Bytes of a value in which a text is looked for: as much as a message alone is shown of. */
const SEARCHED_BYTES_MAX = 1024 * 1024;

/**
 * Whether a record is wanted. It is judged by what is shown of it: who asks for a text again and again must not learn, from what is found,
 * what is hidden.
 */
export function fitting({ key, type, source, header, text }: MessageFilter): (record: BrowsedRecord) => boolean {
  const isOfType = type === undefined ? undefined : glob(type);
  const wanted = text?.toLowerCase();
  return (record) =>
    (key === undefined || record.key === key) &&
    (isOfType === undefined || isOfType(record.headers['ce_type'] ?? '')) &&
    (source === undefined || record.headers['ce_source'] === source) &&
    (header === undefined || shownHeaders(record.headers)[header.name] === header.value) &&
    (wanted === undefined || holds(record, wanted));
}

/** In the key, a header's value or the value, upper and lower case alike. */
function holds(record: BrowsedRecord, wanted: string): boolean {
  const { key, headers, value, valueFormat } = toLogMessage(record, SEARCHED_BYTES_MAX);
  if (key?.toLowerCase().includes(wanted)) return true;
  if (Object.values(headers).some((one) => one.toLowerCase().includes(wanted))) return true;
  // The bytes of what is no text are shown as Base64: a word is found in it by accident only.
  if (value === null || valueFormat === 'binary') return false;
  return (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase().includes(wanted);
}

/** A pattern in which `*` stands for any characters. Without regular expressions: a stranger's pattern must not take long. */
export function glob(pattern: string): (text: string) => boolean {
  const [begin = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(begin)) return false;
    let at = begin.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - at >= end.length && text.endsWith(end);
  };
}
