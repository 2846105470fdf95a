import { screenColumns, wrapToScreen } from './screen.js';
import { widthOf } from './safe-text.js';

/** An example to paste, and a list's entry: its name, two spaces or more, what it means. */
const EXAMPLE = /^ +\$ /;
const ENTRY = /^ *\S.*? {2,}(?=\S)/;

/** As wide as Commander may write what it breaks itself; its own default where nobody looks. */
const UNBROKEN = 10_000;
export const helpWidth = (wide: boolean): number | undefined => (wide ? UNBROKEN : screenColumns());

/**
 * Help as wide as the screen: entries go on below their meaning, and an example goes on as a shell wants it, so that it can be pasted as it
 * stands.
 */
export const fitHelp = (text: string): string =>
  text
    .split('\n')
    .map((line) => (EXAMPLE.test(line) ? commandToScreen(line) : wrapToScreen(line, hangOf(line))))
    .join('\n');

const hangOf = (line: string): number => {
  const entry = ENTRY.exec(line)?.[0];
  return entry === undefined ? 0 : entry.length - (/^ */.exec(line)?.[0].length ?? 0);
};

const CONTINUED = ' \\';

/** A command, broken as a shell wants it between words; not within a quoted one. */
export function commandToScreen(line: string): string {
  const columns = screenColumns();
  if (columns === undefined || widthOf(line) <= columns) return line;
  const lines: string[] = [];
  let current = '';
  for (const word of line.match(/^ +\$ |(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []) {
    const longer = current === '' || current.endsWith(' ') ? current + word : `${current} ${word}`;
    if (widthOf(longer) <= columns - CONTINUED.length || current.endsWith(' ')) current = longer;
    else {
      lines.push(current + CONTINUED);
      current = `      ${word}`;
    }
  }
  return [...lines, current].join('\n');
}
