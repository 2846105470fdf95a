/** `\u0000` and lone surrogates, as JSON.stringify writes them: PostgreSQL's jsonb takes neither. */
const NOT_STORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Why a value cannot be stored as JSON. */
export interface NotStorable {
  /** Worded to follow the name of what is checked: `input is larger than …`. */
  readonly because: string;
  readonly tooLarge: boolean;
}

/**
 * @param value undefined counts as null
 * @returns the value as JSON gives it back, or why it cannot be stored
 */
export function asStored(value: unknown, bytesMax: number): { readonly json: unknown } | NotStorable {
  let text: string | undefined;
  try {
    text = JSON.stringify(value ?? null);
  } catch (error) {
    return { because: `is no JSON (${(error as Error).message.split('\n')[0] ?? ''})`, tooLarge: false };
  }
  if (text === undefined) return { because: `is no JSON, but a ${typeof value}`, tooLarge: false };
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax)
    return { because: `has ${bytes} bytes as JSON; at most ${bytesMax} are stored`, tooLarge: true };
  if (NOT_STORABLE.test(text)) return { because: 'holds U+0000 or half a surrogate pair in a text', tooLarge: false };
  return { json: JSON.parse(text) as unknown };
}

export const isStored = (stored: { readonly json: unknown } | NotStorable): stored is { readonly json: unknown } =>
  'json' in stored;
