/** Characters that cannot be stored (U+0000, lone surrogates) or change how a line is shown (controls, bidirectional marks). */
const NOT_KEPT = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const CODE = /^[A-Za-z0-9_.-]{1,100}$/;

/** A text of the provider for people: storable, bounded, without quoted secrets. Empty when the value is no text. */
export function textFrom(told: unknown, charactersMax: number, secrets: readonly string[] = []): string {
  if (typeof told !== 'string') return '';
  let text = told;
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '***');
  return text.slice(0, charactersMax).replace(NOT_KEPT, '\ufffd');
}

/** A code of the provider for programs; undefined when the value is no code. */
export const codeFrom = (told: unknown): string | undefined =>
  typeof told === 'string' && CODE.test(told) ? told : undefined;
