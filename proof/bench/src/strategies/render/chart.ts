/** A small writer of line charts as SVG, readable on a light and on a dark page, as the other drawings of docs/img. */

export interface Series {
  readonly name: string;
  /** Which colour, from 0 on: {@link COLOURS}. */
  readonly colour: number;
  readonly dashed?: boolean;
  readonly points: readonly { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }[];
}

export interface Axis {
  readonly title: string;
  readonly ticks: readonly number[];
  readonly log: boolean;
  text(value: number): string;
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Lines across the panel, at a value of either axis. */
  readonly marks?: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly text: string }[];
}

export interface Chart {
  readonly title: string;
  readonly columns: number;
  readonly panels: readonly Panel[];
}

/** On a light page, on a dark one. */
const COLOURS: readonly (readonly [string, string])[] = [
  ['#8c959f', '#8b949e'],
  ['#c4432b', '#f0795f'],
  ['#3b73b9', '#5b9be6'],
  ['#b08c2e', '#d0a942'],
  ['#7a55c7', '#a685f0'],
  ['#1b7f8c', '#4fb8c5'],
  ['#b5408f', '#e37cc0'],
  ['#3f8f57', '#57ab6f'],
  ['#1f2328', '#e6edf3'],
];

const WIDTH = 1_000;
const PANEL_HEIGHT = 270;
const TOP = 44;
const LEGEND = 52;
const LEGEND_COLUMN = 140;
const SIDE = 24;
const INSET = { left: 58, right: 14, top: 30, bottom: 46 };

const style = (): string => `
    .card { fill: #ffffff; } .frame { fill: #f6f8fa; stroke: #d0d7de; } .grid { stroke: #d0d7de; stroke-width: 1; }
    .mark { stroke: #57606a; stroke-width: 1.2; stroke-dasharray: 5 4; }
    text { font-family: -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Helvetica, Arial, sans-serif; font-size: 11.5px; fill: #57606a; }
    .h { font-weight: 600; font-size: 14px; fill: #1f2328; } .m { text-anchor: middle; } .e { text-anchor: end; }
    .l { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .d { stroke-dasharray: 6 4; }
${COLOURS.map(([light], at) => `    .l${at} { stroke: ${light}; } .p${at} { fill: ${light}; }`).join('\n')}
    @media (prefers-color-scheme: dark) {
      .card { fill: #0d1117; } .frame { fill: #161b22; stroke: #30363d; } .grid { stroke: #30363d; } .mark { stroke: #8b949e; }
      text { fill: #9aa4af; } .h { fill: #e6edf3; }
${COLOURS.map(([, dark], at) => `      .l${at} { stroke: ${dark}; } .p${at} { fill: ${dark}; }`).join('\n')}
    }`;

export function svgOf({ title, columns, panels }: Chart): string {
  const rows = Math.ceil(panels.length / columns);
  const height = TOP + rows * PANEL_HEIGHT + LEGEND + 8;
  const width = (WIDTH - 2 * SIDE) / columns;
  const drawn = panels.map((panel, at) =>
    panelOf(panel, SIDE + (at % columns) * width, TOP + Math.floor(at / columns) * PANEL_HEIGHT, width),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `  <title>${escaped(title)}</title>`,
    `  <style>${style()}\n  </style>`,
    `  <rect class="card" width="${WIDTH}" height="${height}" rx="10"/>`,
    `  <text class="h" x="${SIDE}" y="28">${escaped(title)}</text>`,
    ...drawn.flat(),
    ...legendOf(panels, TOP + rows * PANEL_HEIGHT + 16),
    '</svg>',
    '',
  ].join('\n');
}

function panelOf({ title, x, y, series, marks = [] }: Panel, left: number, top: number, width: number): string[] {
  const box = {
    left: left + INSET.left,
    right: left + width - INSET.right,
    top: top + INSET.top,
    bottom: top + PANEL_HEIGHT - INSET.bottom,
  };
  const atX = scaleOf(x, box.left, box.right);
  const atY = scaleOf(y, box.bottom, box.top);
  const middle = n((box.left + box.right) / 2);
  return [
    `  <rect class="frame" x="${n(box.left)}" y="${n(box.top)}" width="${n(box.right - box.left)}" height="${n(box.bottom - box.top)}"/>`,
    `  <text class="h m" x="${middle}" y="${n(box.top - 9)}">${escaped(title)}</text>`,
    `  <text class="m" x="${middle}" y="${n(box.bottom + 34)}">${escaped(x.title)}</text>`,
    `  <text class="m" transform="translate(${n(left + 12)} ${n((box.top + box.bottom) / 2)}) rotate(-90)">${escaped(y.title)}</text>`,
    ...y.ticks.flatMap((tick) => [
      `  <path class="grid" d="M${n(box.left)} ${n(atY(tick))}H${n(box.right)}"/>`,
      `  <text class="e" x="${n(box.left - 6)}" y="${n(atY(tick) + 4)}">${escaped(y.text(tick))}</text>`,
    ]),
    ...x.ticks.map(
      (tick) => `  <text class="m" x="${n(atX(tick))}" y="${n(box.bottom + 16)}">${escaped(x.text(tick))}</text>`,
    ),
    ...marks.flatMap(({ axis, at, text }) =>
      axis === 'x'
        ? [
            `  <path class="mark" d="M${n(atX(at))} ${n(box.top)}V${n(box.bottom)}"/>`,
            `  <text x="${n(atX(at) + 4)}" y="${n(box.top + 13)}">${escaped(text)}</text>`,
          ]
        : [
            `  <path class="mark" d="M${n(box.left)} ${n(atY(at))}H${n(box.right)}"/>`,
            `  <text class="e" x="${n(box.right - 4)}" y="${n(atY(at) - 5)}">${escaped(text)}</text>`,
          ],
    ),
    ...series.flatMap((one) => seriesOf(one, atX, atY)),
  ];
}

function seriesOf(
  { colour, dashed, points }: Series,
  atX: (value: number) => number,
  atY: (value: number) => number,
): string[] {
  const path = points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${n(atX(x))} ${n(atY(y))}`).join('');
  return [
    `  <path class="l l${colour}${dashed ? ' d' : ''}" d="${path}"/>`,
    ...points.map(({ x, y }) => `  <circle class="p${colour}" cx="${n(atX(x))}" cy="${n(atY(y))}" r="2.6"/>`),
    ...points.flatMap(({ x, low, high }) =>
      low === undefined || high === undefined
        ? []
        : [`  <path class="l l${colour}" d="M${n(atX(x))} ${n(atY(low))}V${n(atY(high))}"/>`],
    ),
  ];
}

function legendOf(panels: readonly Panel[], top: number): string[] {
  const all = new Map(panels.flatMap(({ series }) => series).map((one) => [one.name, one]));
  const perRow = Math.floor((WIDTH - 2 * SIDE) / LEGEND_COLUMN);
  return [...all.values()].flatMap(({ name, colour, dashed }, at) => {
    const x = SIDE + 12 + (at % perRow) * LEGEND_COLUMN;
    const y = top + Math.floor(at / perRow) * 20;
    return [
      `  <path class="l l${colour}${dashed ? ' d' : ''}" d="M${x} ${y}H${x + 26}"/>`,
      `  <text x="${x + 32}" y="${y + 4}">${escaped(name)}</text>`,
    ];
  });
}

/** Beyond the ticks a value is drawn at the border. */
function scaleOf({ ticks, log }: Axis, from: number, to: number): (value: number) => number {
  const place = log ? Math.log : (value: number) => value;
  const [low, high] = [place(Math.min(...ticks)), place(Math.max(...ticks))];
  return (value) => {
    const share = high === low ? 0 : (place(value) - low) / (high - low);
    return from + Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (to - from);
  };
}

const n = (value: number): string => String(Math.round(value * 10) / 10);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
