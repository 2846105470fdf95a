import { printable, widthOf } from './safe-text.js';
import { cutToScreen, isTooWide, withShortIds, wrapToScreen } from './screen.js';
import { plain, type Paint } from './style.js';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  cell(row: Row): string;
}

/** As `wholeTable`; where that is wider than the screen, with short ids, and then cut. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paint: Paint = plain): string {
  const whole = wholeTable(columns, rows, paint);
  if (!isTooWide(whole)) return whole;
  const short = columns.map((column) => ({ ...column, cell: (row: Row) => withShortIds(column.cell(row)) }));
  return cutToScreen(wholeTable(short, rows, paint));
}

/** Columns as wide as their widest cell, two spaces between. What a terminal would obey is escaped, so no cell breaks its line. */
export function wholeTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paint: Paint = plain): string {
  const cells = rows.map((row) => columns.map(({ cell }) => printable(cell(row))));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((line) => widthOf(line[at] ?? ''))),
  );
  const lineOf = (line: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const text = line[at] ?? '';
        const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)));
        return align === 'right' ? space + text : text + space;
      })
      .join('  ')
      .trimEnd();
  return [paint('bold', lineOf(columns.map(({ title }) => title))), ...cells.map(lineOf)].join('\n');
}

/** Label and text, the labels as wide as the widest; what is wider than the screen goes on below its text. */
export function fields(pairs: readonly (readonly [string, string | undefined])[], paint: Paint = plain): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined && pair[1] !== '');
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  return shown
    .map(([label, text]) => wrapToScreen(`${paint('dim', label.padEnd(width))}  ${printable(text)}`, width + 2))
    .join('\n');
}
