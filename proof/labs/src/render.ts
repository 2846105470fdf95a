import type { Anomalies, LabReport, SceneReport } from './report.js';

/** A report is this wide where nobody says otherwise. */
const COLUMNS = 100;
/** Of the number of a step, and between columns. */
const NUMBER_COLUMNS = 4;
const GAP = 2;
/** A column is not made narrower. */
const COLUMN_MIN = 12;

/** The report as text: the steps of each party in a column of its own, one below the other in the order in which they happened. */
export const render = ({ scenes }: LabReport, columns = COLUMNS): string =>
  scenes.map((scene) => renderScene(scene, columns)).join('\n\n');

function renderScene(
  { title, withProtection, parties, steps, anomalies, shown }: SceneReport,
  columns: number,
): string {
  const rows: string[][] = [
    ...(parties.length > 0 && steps.length > 0 ? [['', ...parties]] : []),
    ...steps.map(({ by, what }, index) => [
      String(index + 1).padStart(NUMBER_COLUMNS - GAP),
      ...parties.map((party) => (party === by ? what : '')),
    ]),
  ];
  return [
    anomalies ? title : `${withProtection ? 'With protection' : 'Without protection'}: ${title}`,
    '',
    ...inColumns(rows, columns),
    ...(anomalies ? tableOf(anomalies) : []),
    ...shown.flatMap((sentence) =>
      wrapped(sentence, columns - GAP).map((line, at) => (at === 0 ? '=> ' : '   ') + line),
    ),
  ].join('\n');
}

function inColumns(rows: readonly string[][], columns: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length - 1));
  if (count === 0) return [];
  const most = Math.max(COLUMN_MIN, Math.floor((columns - NUMBER_COLUMNS) / count) - GAP);
  const widths = Array.from({ length: count }, (_, at) =>
    Math.min(most, Math.max(...rows.map((row) => (row[at + 1] ?? '').length))),
  );
  const lines = rows.flatMap(([number = '', ...cells]) => {
    const texts = cells.map((cell, at) => wrapped(cell, widths[at] ?? most));
    const height = Math.max(1, ...texts.map((text) => text.length));
    return Array.from({ length: height }, (_, line) =>
      [
        (line === 0 ? number : '').padEnd(NUMBER_COLUMNS - GAP),
        ...texts.map((text, at) => (text[line] ?? '').padEnd(widths[at] ?? most)),
      ]
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  });
  return [...lines, ''];
}

function tableOf({ levels, rows }: Anomalies): string[] {
  const table = [['', ...levels], ...rows.map(({ anomaly, outcomes }) => [anomaly, ...outcomes])];
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  return [...lines, ''];
}

/** Lines of words; a word that is wider than a line has a line of its own. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
