/**
 * What a page shows as something else than it is: control characters, bidirectional and zero-width ones, line separators, what is not shown
 * at all. Messages are strangers' text.
 */
const UNSEEN = /(?![\ufe0e\ufe0f\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with what cannot be seen as codes: `\u202e`. */
export const safeText = (text: string): string =>
  text.replaceAll(UNSEEN, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
