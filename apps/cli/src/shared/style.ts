const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

/** Paints text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (colour, text) => (text === '' ? '' : `\u001b[${CODES[colour]}m${text}\u001b[0m`);

/** Colour for a person at a terminal; plain text for pipes, files, and whoever sets NO_COLOR (https://no-color.org). */
export const paintFor = (
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint => (stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb' ? coloured : plain);

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  CONFIRMED: 'green',
  COMPLETED: 'green',
  REJECTED: 'red',
  COMPENSATED: 'yellow',
  STUCK: 'red',
  ABANDONED: 'red',
  poisoned: 'red',
};

/** A status in its colour: green came about, red needs a look, cyan is on its way. */
export const paintStatus = (paint: Paint, status: string): string => paint(STATUS_COLOURS[status] ?? 'cyan', status);

/** ANSI colours take no room on the screen. */
const ANSI = /\u001b\[\d+m/g;
export const widthOf = (text: string): number => [...text.replaceAll(ANSI, '')].length;
