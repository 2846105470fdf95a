import { sumOf } from '../measure/figures.js';
import type { Result, Second } from '../result.js';

/** Colours of what runs, the same in every plot. */
const COLOURS: Readonly<Record<string, string>> = {
  gateway: '#8d6cab',
  order: '#2f6db5',
  orchestrator: '#3a9a8f',
  inventory: '#6aa84f',
  payment: '#d9a441',
  shipment: '#c66b3d',
  'payment-provider': '#a8a29e',
  postgres: '#33475b',
  kafka: '#b0413e',
  load: '#d6d3d1',
};
const PERCENTILES = [
  ['p50', '#2f6db5'],
  ['p99', '#d9a441'],
  ['p999', '#c66b3d'],
  ['max', '#b0413e'],
] as const;

const WIDTH = 640;
const LABELS = 150;
const BAR = 16;
const ROW = 24;

/** A page of plots: one file, nothing is loaded from anywhere. */
export function page(results: readonly Result[], about: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Backstep bench</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1917}
h2{margin-top:2.5rem}svg{width:100%;height:auto}text{font:11px system-ui,sans-serif;fill:#44403c}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;display:block;overflow-x:auto}
td,th{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #e7e5e4}td:first-child,th:first-child{text-align:left}
.key span{margin-right:1rem}.key i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}
</style></head><body>
<h1>Backstep bench</h1><p>${escape(about)}</p>
<h2>Orders a second</h2>
${key([
  ['accepted', '#d6d3d1'],
  ['confirmed', '#2f6db5'],
])}
${bars(results, (result) => [
  { value: result.acceptedPerSecond, colour: '#d6d3d1' },
  { value: result.confirmedPerSecond, colour: '#2f6db5' },
])}
<h2>From placed to ended, ms</h2>
${key(PERCENTILES)}
${bars(results, (result) => PERCENTILES.map(([name, colour]) => ({ value: result.latencyMs[name], colour })))}
<h2>From placed to 202, ms</h2>
${key(PERCENTILES)}
${bars(results, (result) => PERCENTILES.map(([name, colour]) => ({ value: result.postMs[name], colour })))}
<h2>CPU-ms an order</h2>
${key(Object.entries(COLOURS))}
${stacks(results)}
<h2>Second by second: orders, and their p99 in ms</h2>
${results.map(series).join('\n')}
<h2>All of it</h2>
${table(results)}
</body></html>
`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const key = (names: readonly (readonly [string, string])[]): string =>
  `<p class="key">${names.map(([name, colour]) => `<span><i style="background:${colour}"></i>${name}</span>`).join('')}</p>`;

const short = (value: number): string =>
  !Number.isFinite(value) ? '–' : value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);

const svg = (height: number, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${content}</svg>`;

const label = (at: number, text: string): string => `<text x="0" y="${at + BAR - 4}">${escape(text)}</text>`;

/** Bars of one scenario lie behind each other: the shorter in front. */
function bars(
  results: readonly Result[],
  barsOf: (result: Result) => readonly { readonly value: number; readonly colour: string }[],
): string {
  const drawn = results.map((result) => ({ result, of: barsOf(result).filter(({ value }) => Number.isFinite(value)) }));
  const most = Math.max(1, ...drawn.flatMap(({ of }) => of.map(({ value }) => value)));
  const wide = (value: number): number => (value / most) * (WIDTH - LABELS - 160);
  const rows = drawn.map(({ result, of }, row) => {
    const sorted = [...of].sort((a, b) => b.value - a.value);
    const rects = sorted.map(
      ({ value, colour }) =>
        `<rect x="${LABELS}" y="${row * ROW}" width="${wide(value).toFixed(1)}" height="${BAR}" fill="${colour}"/>`,
    );
    const figures = of.map(({ value }) => short(value)).join(' · ');
    const end = LABELS + 6 + wide(sorted[0]?.value ?? 0);
    return `${label(row * ROW, result.scenario)}${rects.join('')}<text x="${end.toFixed(1)}" y="${row * ROW + BAR - 4}">${figures}</text>`;
  });
  return svg(results.length * ROW, rows.join(''));
}

function stacks(results: readonly Result[]): string {
  const totals = results.map(({ cpuMsPerOrder }) => cpuMsPerOrder['total'] ?? NaN);
  const most = Math.max(1e-9, ...totals.filter(Number.isFinite));
  const rows = results.map(({ scenario, cpuMsPerOrder }, row) => {
    let x = LABELS;
    const rects = Object.entries(COLOURS).map(([name, colour]) => {
      const value = cpuMsPerOrder[name] ?? NaN;
      const width = Number.isFinite(value) ? (value / most) * (WIDTH - LABELS - 60) : 0;
      const rect = `<rect x="${x.toFixed(1)}" y="${row * ROW}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}"><title>${name} ${short(value)}</title></rect>`;
      x += width;
      return rect;
    });
    return `${label(row * ROW, scenario)}${rects.join('')}<text x="${(x + 6).toFixed(1)}" y="${row * ROW + BAR - 4}">${short(totals[row] ?? NaN)}</text>`;
  });
  return svg(results.length * ROW, rows.join(''));
}

const PLOT = 70;

function series({ scenario, series: seconds }: Result): string {
  if (seconds.length < 2) return '';
  const line = (read: (second: Second) => number, colour: string): string => {
    const most = Math.max(1, ...seconds.map(read).filter(Number.isFinite));
    const points = seconds
      .filter((second) => Number.isFinite(read(second)))
      .map((second) => {
        const x = LABELS + (second.second / (seconds.length - 1)) * (WIDTH - LABELS - 60);
        return `${x.toFixed(1)},${(PLOT - (read(second) / most) * (PLOT - 10)).toFixed(1)}`;
      });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  };
  const most = (read: (second: Second) => number): string =>
    short(Math.max(...seconds.map(read).filter(Number.isFinite)));
  return svg(
    PLOT + 10,
    `${label(0, scenario)}<text x="0" y="30" style="fill:#2f6db5">to ${most(({ ended }) => ended)} orders/s</text>` +
      `<text x="0" y="46" style="fill:#c66b3d">to ${most(({ p99 }) => p99)} ms</text>` +
      line(({ ended }) => ended, '#2f6db5') +
      line(({ p99 }) => p99, '#c66b3d'),
  );
}

const COLUMNS: readonly (readonly [string, (result: Result) => number | undefined])[] = [
  ['confirmed/s', (result) => result.confirmedPerSecond],
  ['p50', (result) => result.latencyMs.p50],
  ['p99', (result) => result.latencyMs.p99],
  ['CPU-ms', (result) => result.cpuMsPerOrder['total']],
  ['commits', (result) => result.commitsPerOrder],
  ['statements', (result) => result.statementsPerOrder],
  ['WAL KB', (result) => result.walBytesPerOrder / 1024],
  ['messages', (result) => result.messagesPerOrder],
  ['Node MB', (result) => result.residentMb['node']],
  ['event loop p99', (result) => result.eventLoopDelayMs],
  ['stolen cores', (result) => result.stolenCores],
  ['JSON µs', (result) => result.jsonMicroseconds],
  ['refused', (result) => result.refusedLater + sumOf(result.refusedOtherwise)],
];

function table(results: readonly Result[]): string {
  const head = ['scenario', ...COLUMNS.map(([name]) => name), 'batches'];
  const rows = results.map((result) => [
    result.scenario,
    ...COLUMNS.map(([, read]) => short(read(result) ?? NaN)),
    Object.entries(result.meanBatch)
      .map(([name, mean]) => `${name} ${short(mean)}`)
      .join(' '),
  ]);
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}
