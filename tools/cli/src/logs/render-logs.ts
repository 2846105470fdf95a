import { printable } from '../shared/safe-text.js';
import { cutToScreen, isTooWide, withShortIds } from '../shared/screen.js';
import { plain, type Colour, type Paint } from '../shared/style.js';
import { moment } from '../shared/time.js';
import type { LogLine } from './log-line.js';

const COLOURS: Readonly<Record<string, Colour>> = { error: 'red', fatal: 'red', warn: 'yellow', info: 'green' };

/** A line for people: when, how grave, who, what, and the rest of what it says. */
export function logLineText({ time, level, service, msg, fields }: LogLine, paint: Paint = plain): string {
  const at = Number.isNaN(Date.parse(time)) ? '' : moment(time);
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const parts = [
    at.padEnd(23),
    paint(COLOURS[level] ?? 'dim', printable(level).padEnd(5)),
    printable(service).padEnd(12),
    printable(msg),
    paint('dim', printable(rest.join(' '))),
  ];
  const whole = parts.join('  ').trimEnd();
  return isTooWide(whole) ? cutToScreen(withShortIds(whole)) : whole;
}
