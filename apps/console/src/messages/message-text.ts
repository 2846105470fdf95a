import type { LogMessage } from '../api/types.js';
import { safeText } from '../ui/safe-text.js';
import { shortData } from '../ui/short-data.js';

/** What a record is, when it does not say it itself. */
const NAMELESS: Readonly<Record<LogMessage['valueFormat'], string>> = {
  json: 'no type',
  text: 'a text',
  binary: 'bytes',
  none: 'no value',
  unreadable: 'unreadable',
};

export const typeText = ({ headers, valueFormat }: LogMessage): string => headers['ce_type'] ?? NAMELESS[valueFormat];

/** What a record says, in some words. */
export function saysText({ value, valueFormat, valueBytes, unreadable }: LogMessage): string {
  if (unreadable) return safeText(unreadable.error);
  if (valueFormat === 'binary') return `${sizeText(valueBytes)} that are no text`;
  return shortData(value);
}

/** `412 bytes`, `31.2 kB`. */
export const sizeText = (bytes: number | null): string =>
  bytes === null ? 'of unknown size' : bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`;
