/** What cannot be stored (U+0000, half a surrogate pair) or may turn a line around when it is shown (controls, bidirectional marks). */
const NOT_KEPT = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const CODE = /^[A-Za-z0-9_.-]{1,100}$/;

/** A text of the provider's, for people: can be stored, bounded, and without what it may quote. Empty when it is no text. */
export function textFrom(told: unknown, charactersMax: number, secrets: readonly string[] = []): string {
  if (typeof told !== 'string') return '';
  let text = told;
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '***');
  return text.slice(0, charactersMax).replace(NOT_KEPT, '\ufffd');
}

/** A code of the provider's, for programs. Undefined when it is none. */
export const codeFrom = (told: unknown): string | undefined =>
  typeof told === 'string' && CODE.test(told) ? told : undefined;
