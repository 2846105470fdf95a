import { mark } from './safe-text.js';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

/** Paints text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (colour, text) => (text === '' ? '' : mark(CODES[colour]) + text + mark(0));

/**
 * Colour for a person at a terminal; plain text for pipes, files, and whoever sets NO_COLOR (https://no-color.org). FORCE_COLOR comes
 * before both, as in Node itself: 0 or false for none, anything else for colour.
 */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: terminal } = environment;
  if (forced !== undefined) return forced === '0' || forced === 'false' ? plain : coloured;
  return stream.isTTY === true && !none && terminal !== 'dumb' ? coloured : plain;
}

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  CONFIRMED: 'green',
  COMPLETED: 'green',
  DELIVERED: 'green',
  REJECTED: 'red',
  REFUSED: 'red',
  CANCELLED: 'yellow',
  COMPENSATED: 'yellow',
  STUCK: 'red',
  ABANDONED: 'red',
  poisoned: 'red',
};

/** A status in its colour: green came about, red needs a look, cyan is on its way. */
export const paintStatus = (paint: Paint, status: string): string => paint(STATUS_COLOURS[status] ?? 'cyan', status);
