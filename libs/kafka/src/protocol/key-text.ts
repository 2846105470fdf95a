/** The character that Node decodes bytes to which are not UTF-8. */
export const REPLACEMENT = '\ufffd';

/**
 * A key as text. A key that is not UTF-8, or that contains U+FFFD, becomes U+FFFD and its bytes in hexadecimal, so different keys stay
 * different. Two keys with the same text would share a held key: messages of one would wait behind a poisoned message of the other.
 */
export function keyText(key: Buffer | null): string | null {
  if (key === null) return null;
  const text = key.toString();
  return text.includes(REPLACEMENT) ? `${REPLACEMENT}${key.toString('hex')}` : text;
}
