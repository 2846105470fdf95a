import { cutTo, widthOf } from './safe-text.js';

/** Columns that there are; undefined where nobody looks (a pipe, a file), or all is wanted: lines are then as long as they are. */
let width: number | undefined;

/** Decided once, when the program starts. */
export const fitTo = (columns: number | undefined): void => void (width = columns);

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
