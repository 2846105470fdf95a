import { cutTo, splitAt, widthOf } from './safe-text.js';

/** Columns that there are; undefined where nobody looks (a pipe, a file), or all is wanted: lines are then as long as they are. */
let width: number | undefined;

/** Decided once, when the program starts. */
export const fitTo = (columns: number | undefined): void => void (width = columns);
export const screenColumns = (): number | undefined => width;

/** A terminal narrower than this is not written for. */
const COLUMNS_MIN = 20;

/** The terminal's own width; COLUMNS comes before it. */
export function columnsOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  if (stream.isTTY !== true) return undefined;
  const told = Number(environment['COLUMNS']);
  const columns = Number.isInteger(told) && told > 0 ? told : stream.columns;
  return columns === undefined ? undefined : Math.max(COLUMNS_MIN, columns);
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-([0-9a-f]{12})/gi;

/** Ids by their last twelve digits, which every command takes as well. */
export const withShortIds = (text: string): string => text.replaceAll(UUID, '…$1');

export const isTooWide = (text: string): boolean =>
  width !== undefined && text.split('\n').some((line) => widthOf(line) > (width ?? 0));

/** Each line as wide as the screen at most. */
export const cutToScreen = (text: string): string => {
  const columns = width;
  return columns === undefined
    ? text
    : text
        .split('\n')
        .map((line) => cutTo(columns, line))
        .join('\n');
};

/**
 * Lines that are wider than the screen, broken at their spaces. What goes on stands below its beginning, or `hang` columns further in. A word
 * that is wider than a whole line is told with short ids, and broken where that is too wide as well.
 */
export const wrapToScreen = (text: string, hang = 0): string => {
  const columns = width;
  return columns === undefined
    ? text
    : text
        .split('\n')
        .flatMap((line) => (widthOf(line) > columns ? wrappedLine(line, columns, hang) : [line]))
        .join('\n');
};

function wrappedLine(line: string, columns: number, hang: number): string[] {
  const lead = /^ */.exec(line)?.[0] ?? '';
  // More than half of a narrow screen is not left empty.
  const below = ' '.repeat(Math.min(lead.length + hang, Math.floor(columns / 2)));
  const lines: string[] = [];
  let indent = lead;
  let words: string[] = [];
  const flush = (): void => {
    if (words.length > 0) lines.push(indent + words.join(' '));
    if (words.length > 0) indent = below;
    words = [];
  };
  for (const word of line.slice(lead.length).split(' ')) {
    if (widthOf(indent + [...words, word].join(' ')) > columns) flush();
    let rest = widthOf(indent + word) > columns ? withShortIds(word) : word;
    while (widthOf(indent + rest) > columns) {
      const [head, tail] = splitAt(columns - indent.length, rest);
      words = [head];
      flush();
      rest = tail;
    }
    words.push(rest);
  }
  flush();
  return lines;
}
