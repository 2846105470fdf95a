import { markdownTable } from '../strategies/render/markdown-table.js';

/** One figure, and what it may be at most. */
export interface Row {
  readonly what: string;
  /** null: it is told beside the others, and has no budget. */
  readonly limit: number | null;
  /** As in ` ms`. */
  readonly unit: string;
  /** null: it was not measured, and `how` says why. */
  readonly measured: number | null;
  /** In which circumstances it was measured. */
  readonly how: string;
}

/** null of a figure that is none: JSON has no NaN. */
export const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The same rows, where what they need is missing. */
export const unmeasured = (rows: readonly Pick<Row, 'what' | 'limit' | 'unit'>[], why: string): readonly Row[] =>
  rows.map(({ what, limit, unit }) => ({ what, limit, unit, measured: null, how: why }));

export function verdict({ limit, measured }: Row): 'met' | 'missed' | 'not measured' | 'no budget' {
  if (measured === null) return 'not measured';
  if (limit === null) return 'no budget';
  return measured <= limit ? 'met' : 'missed';
}

const MET = { met: 'yes', missed: '**no**', 'not measured': 'not measured', 'no budget': '' };

/** What was wanted, what was measured, whether it is met, in Markdown. */
export const table = (rows: readonly Row[]): string =>
  markdownTable(
    ['what', 'budget', 'measured', 'met', 'how'],
    rows.map((row) => [
      row.what,
      row.limit === null ? '' : `≤ ${row.limit.toLocaleString('en')}${row.unit}`,
      row.measured === null ? '–' : `${shown(row.measured, row.limit)}${row.unit}`,
      MET[verdict(row)],
      row.how,
    ]),
  );

/** As many digits as it takes to see on which side of its limit it is. */
function shown(value: number, limit: number | null): string {
  const short = shortened(value, value >= 100 ? 0 : 1);
  if (limit === null || Number(short) <= limit === value <= limit) return grouped(short);
  return grouped(String(Number(value.toPrecision(5))));
}

const shortened = (value: number, places: number): string => String(Number(value.toFixed(places)));
const grouped = (text: string): string => Number(text).toLocaleString('en', { maximumFractionDigits: 3 });
