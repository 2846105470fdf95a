const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text that PostgreSQL accepts: without U+0000, and without half a character. */
export const storable = (text: string): string =>
  text.replaceAll('\u0000', '\ufffd').replaceAll(LONE_SURROGATE, '\ufffd');
