import { safeText } from '../ui/safe-text.js';
import { spanText, wholeTimeText } from '../ui/time-text.js';
import { barOf, BOX_PX, DASHES, headOf, type Line, lineOf } from './arrow-shape.js';
import { type DrawnMessage, type Drawing, LANE_PX } from './drawing.js';
import type { Meaning } from './model.js';
import { sentenceOf } from './sentence.js';
import type { DrawnTick } from './strokes.js';

/** The console's colours in daylight: a picture goes into documents, which are white. */
const INK = {
  ...{ page: '#ffffff', text: '#1b232c', muted: '#55606c', hairline: '#dde2e7', control: '#7f8a96' },
  ...{ running: '#0b5cad', undo: '#996000', stuck: '#8f0032', done: '#007a4d', off: '#5a6470' },
} as const;
const INK_OF: Readonly<Record<Meaning, string>> = {
  ...{ sent: INK.running, answered: INK.muted, undoing: INK.undo, done: INK.done },
  ...{ refused: INK.undo, undone: INK.undo, told: INK.text, unreadable: INK.stuck },
};
const NAMES_PX = 130;
const HEAD_PX = 34;
const FONT = 'system-ui, sans-serif';

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** XML allows no control character, not even as an entity: they are shown as their codes, as on the page. */
const escaped = (text: string): string =>
  safeText(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

/** @param inner markup, not text */
const tag = (name: string, attributes: Attributes, inner = ''): string =>
  `<${name}${attributesText(attributes)}${inner === '' ? '/>' : `>${inner}</${name}>`}`;

const text = (x: number, y: number, words: string, attributes: Attributes = {}): string =>
  tag('text', { x, y, fill: INK.text, ...attributes }, escaped(words));
/** Words over lines, with the page around them. */
const HALO: Attributes = { 'paint-order': 'stroke', stroke: INK.page, 'stroke-width': 4, 'stroke-linejoin': 'round' };
const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string =>
  tag('line', { x1, y1, x2, y2, ...attributes });

/**
 * The lanes as a file that stands alone: no style sheet, no script, no font. The same lanes give the same file.
 * @param title a line above them
 */
export function svgOf(drawing: Drawing, title: string): string {
  const { width, height } = drawing;
  const size = { width: width + NAMES_PX, height: height + HEAD_PX };
  const inner = [
    tag('title', {}, escaped(title)),
    tag('rect', { ...size, fill: INK.page }),
    text(8, 20, title, { 'font-size': 13, 'font-weight': 600 }),
    tag('g', { transform: `translate(${NAMES_PX} ${HEAD_PX})` }, picture(drawing)),
  ];
  return `${tag(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, 'font-family': FONT, 'font-size': 11.5, role: 'img' },
    inner.join('\n'),
  )}\n`;
}

const picture = (drawing: Drawing): string =>
  [
    ...axis(drawing),
    ...lanesOf(drawing),
    ...pivots(drawing),
    ...undos(drawing),
    ...drawing.marks.map(({ mark, x, y }) =>
      tag(
        'g',
        { transform: `translate(${x} ${y})`, fill: 'none', stroke: INK.muted },
        tag('title', {}, escaped(mark.sentence)) +
          tag('circle', {
            cy: mark.kind === 'accepted' ? 0 : 22,
            r: 5,
            fill: mark.kind === 'fired' ? INK.muted : INK.page,
          }) +
          text(9, mark.kind === 'accepted' ? 4 : 26, mark.label, { stroke: 'none' }),
      ),
    ),
    ...drawing.messages.map(messageOf),
    ...drawing.messages.map(({ label: { x, y, anchor, text: words } }) =>
      text(x, y, words, { 'text-anchor': anchor, ...HALO }),
    ),
  ].join('\n');

function axis({ ticks, breaks, height, scale }: Drawing): readonly string[] {
  return [
    ...ticks.flatMap(({ x, at, isFirst }) => [
      line(x, 24, x, height, { stroke: INK.hairline, 'stroke-dasharray': '2 4' }),
      text(x, 16, isFirst ? wholeTimeText(at, 'utc') : `+${spanText(at - scale.start)}`, {
        fill: INK.muted,
        'text-anchor': isFirst ? 'start' : 'middle',
      }),
    ]),
    ...breaks.flatMap(({ x, width, from, to }) => [
      tag('rect', { x: x + 12, y: 24, width: Math.max(0, width - 24), height: height - 24, fill: INK.hairline }),
      text(x + width / 2, 36, `≈ ${spanText(to - from)}`, { 'text-anchor': 'middle' }),
    ]),
  ];
}

const lanesOf = ({ lanes, width }: Drawing): readonly string[] =>
  lanes.flatMap(({ name, y, isMissing }) => [
    line(0, y, width, y, { stroke: INK.control }),
    text(-NAMES_PX + 8, y + 4, name, { 'font-weight': 600 }),
    isMissing
      ? text(8, y + LANE_PX / 2 - 6, `⊘ ${name} did not answer: what reached it is inferred`, {
          fill: INK.off,
          ...HALO,
        })
      : '',
  ]);

const pivots = ({ pivots: all, height }: Drawing): readonly string[] =>
  all.flatMap(({ step, x }) => [
    line(x, 30, x, height, { stroke: INK.done, 'stroke-width': 1.5, 'stroke-dasharray': '7 4' }),
    text(x + 5, height - 4, `no way back from here: ${step}`, { fill: INK.done }),
  ]);

function undos({ undos: all, bandY, width }: Drawing): readonly string[] {
  if (bandY === undefined) return [];
  const ink = { stroke: INK.undo, 'stroke-width': 2 };
  return [
    line(0, bandY, width, bandY, { stroke: INK.hairline }),
    text(-NAMES_PX + 8, bandY + 22, '↩ taken back', { fill: INK.undo }),
    ...all.flatMap(({ step, from, to, y, stepY, isDone }) => [
      line(to, y, to, stepY, { stroke: INK.undo, 'stroke-dasharray': '1 4' }),
      line(from, y, to + 9, y, { ...ink, 'stroke-dasharray': isDone ? undefined : '4 4' }),
      tag('path', { d: `M${to} ${y} l9 -4.5 v9 z`, fill: INK.undo }),
      text(to + 14, y - 6, `${isDone ? '↺' : '↩'} ${step}`, { fill: INK.undo }),
    ]),
  ];
}

/** A bar where Kafka took the message, a ring where its sender committed it; beside the head, where that was later than the arrival. */
function tickOf(arrow: Line, tick: DrawnTick, ink: string): readonly string[] {
  const { kind, x, y, isBeyond } = tick;
  const across = barOf(arrow, tick);
  return [
    isBeyond ? line(arrow.x2, y, x, y, { stroke: ink, 'stroke-dasharray': '1 3' }) : '',
    kind === 'kafka'
      ? line(across.x1, across.y1, across.x2, across.y2, { stroke: ink, 'stroke-width': 1.5 })
      : tag('circle', { cx: x, cy: y, r: 3, fill: INK.page, stroke: ink }),
  ];
}

function messageOf({ message, arrows, label, repetitions }: DrawnMessage): string {
  const ink = INK_OF[message.meaning];
  const [{ x1, y1 } = { x1: label.x, y1: label.y }] = arrows;
  const isHollow = message.meaning === 'undone' || message.meaning === 'refused';
  const fill = isHollow ? { fill: INK.page, stroke: ink, 'stroke-width': 2 } : { fill: ink };
  return tag(
    'g',
    {},
    [
      tag('title', {}, escaped(sentenceOf(message))),
      ...arrows.flatMap((arrow) => {
        const shown = lineOf(arrow);
        const { x1: fromX, y1: fromY, x2, y2 } = shown;
        const half = BOX_PX / 2;
        return [
          line(fromX, fromY, x2, y2, { stroke: ink, 'stroke-width': 1.5, 'stroke-dasharray': DASHES[arrow.how] }),
          ...arrow.ticks.flatMap((tick) => tickOf(shown, tick, ink)),
          arrow.how === 'parked'
            ? tag('rect', {
                ...{ x: arrow.x2 - half, y: arrow.y2 - half, width: BOX_PX, height: BOX_PX },
                ...{ fill: INK.page, stroke: INK.stuck, 'stroke-width': 2 },
              })
            : tag('path', { d: headOf(arrow), fill: ink }),
        ];
      }),
      ...repetitions.flatMap(({ x, y1: from, y2: to, isObserved }) => [
        line(x, from, x, to, {
          stroke: INK.off,
          'stroke-width': isObserved ? 2.5 : 1.5,
          'stroke-dasharray': '1.5 3.5',
        }),
        text(x - 4, to + 4, '⊘', { fill: INK.off }),
      ]),
      message.kind === 'command'
        ? tag('path', { d: `M${x1} ${y1 - 5} l5 5 l-5 5 l-5 -5 z`, ...fill })
        : tag('circle', { cx: x1, cy: y1, r: 4.5, ...fill }),
      message.version === undefined
        ? ''
        : text(x1 + 7, y1 + 15, `v${message.version}`, { fill: INK.muted, 'font-size': 11, ...HALO }),
    ].join(''),
  );
}
