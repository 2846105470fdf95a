/** What Node reads for bytes that are not UTF-8. */
export const REPLACEMENT = '\ufffd';

/**
 * A key as text. One that is not UTF-8 becomes U+FFFD and its bytes in hexadecimal, and so does one that has U+FFFD in it: different keys
 * stay different. Two that read alike would share a hold: a message would wait behind another's poison, and be let go with it.
 */
export function keyText(key: Buffer | null): string | null {
  if (key === null) return null;
  const text = key.toString();
  return text.includes(REPLACEMENT) ? `${REPLACEMENT}${key.toString('hex')}` : text;
}
