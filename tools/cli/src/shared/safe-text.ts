import { randomBytes } from 'node:crypto';

/**
 * Text from strangers (keys, headers, types, addresses, names, error texts) beside styling of our own, kept apart until both are
 * written: a style is a mark that nobody outside this process can know, and whatever else a terminal could obey is escaped.
 */

/** Unknown outside this process, so that no message can carry it. */
const NONCE = randomBytes(12).toString('hex');
const SEPARATOR = '\u0001';
const MARK = new RegExp(`${SEPARATOR}${NONCE}:(\\d+);`, 'g');

/** The place where a style begins, or with 0 ends. */
export const mark = (code: number): string => `${SEPARATOR}${NONCE}:${code};`;

/**
 * What a terminal obeys, or shows as something else than it is: C0, DEL, C1; bidirectional, zero-width and other format characters;
 * line and paragraph separators; what is not shown at all. The two selectors of text and emoji style change a picture only.
 */
const UNSEEN = String.raw`(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`);
}

/** Marks as they are; all else that is unseen as an escape that is seen. `spared` may stay too. */
const escapedBesideMarks = (text: string, spared = ''): string =>
  text.replaceAll(new RegExp(`${MARK.source}|${UNSEEN}`, 'gu'), (found) =>
    found.length > 2 || found === spared ? found : escaped(found),
  );

/** Text of one line, whatever it holds. Line breaks are escaped too: a stranger's text does not begin a line of ours. */
export const printable = (text: string): string => escapedBesideMarks(text);

/** What is written at last: our line breaks and our styles, and nothing else that is obeyed. */
export const writable = (text: string): string =>
  escapedBesideMarks(text, '\n').replaceAll(MARK, (_, code: string) => `\u001b[${code}m`);

/** JSON says the same with an escape: a program reads what it would have read, a terminal obeys nothing. */
export const writableJson = (json: string): string =>
  json.replaceAll(new RegExp(`(?!\n)${UNSEEN}`, 'gu'), (found) =>
    [...found.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );

/** Columns that the text takes on the screen: styles take none, the wide characters of East Asia and pictures take two. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const { segment } of graphemes.segment(text.replaceAll(MARK, ''))) width += WIDE.test(segment) ? 2 : 1;
  return width;
};

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

const PARTS = new RegExp(`(${MARK.source.replace('(\\d+)', '\\d+')})`);

/** The text in two: the first has as many columns as fit `width`, styles are kept whole. */
export function splitAt(width: number, text: string): readonly [string, string] {
  let left = width;
  const head: string[] = [];
  const tail: string[] = [];
  for (const [at, part] of text.split(PARTS).entries()) {
    if (at % 2 === 1) {
      (tail.length > 0 ? tail : head).push(part);
      continue;
    }
    for (const { segment } of graphemes.segment(part)) {
      left = tail.length > 0 ? -1 : left - (WIDE.test(segment) ? 2 : 1);
      (left < 0 ? tail : head).push(segment);
    }
  }
  return [head.join(''), tail.join('')];
}

/** At most `width` columns of the text, an ellipsis where it was longer. Styles are kept whole. */
export function cutTo(width: number, text: string): string {
  if (widthOf(text) <= width) return text;
  const [head, tail] = splitAt(width - 1, text);
  return `${head}${(tail.match(MARK) ?? []).join('')}…`;
}
