const LONE_SURROGATE = /\p{Surrogate}/gu;

/** @returns the text as PostgreSQL accepts it: U+0000 and lone surrogates replaced by U+FFFD */
export const storable = (text: string): string =>
  text.replaceAll('\u0000', '\ufffd').replaceAll(LONE_SURROGATE, '\ufffd');
