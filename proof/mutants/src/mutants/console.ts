import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const FOLDED = 'apps/console/src/lanes/folded.ts';
const MODEL = 'apps/console/src/lanes/model.ts';
const ARRIVALS = 'apps/console/src/lanes/arrivals.ts';
const ITEMS = 'apps/console/src/lanes/items.ts';
const IN_VIEW = 'apps/console/src/lanes/in-view.ts';
const STROKES = 'apps/console/src/lanes/strokes.ts';
const DRAWING = 'apps/console/src/lanes/drawing.ts';
const KNOWN = 'apps/console/src/orders/known-orders.ts';
const STREAM = 'apps/console/src/stream/lasting-stream.ts';

const LANES_SHOW = spec('apps/console/src/lanes/what-the-lanes-show.unit.spec.ts');
const SERVICES_ADD = spec('apps/console/src/lanes/what-services-add-to-the-lanes.unit.spec.ts');
const DRAWN_AS_ONE = spec('apps/console/src/lanes/what-is-drawn-as-one.unit.spec.ts');
const ARROWS_WAY = spec('apps/console/src/lanes/what-marks-an-arrows-way.unit.spec.ts');
const ORDERS_COME = spec('apps/console/src/orders/when-new-orders-come.unit.spec.ts');
const TABS_SHARE = spec('apps/console/src/stream/when-tabs-share-a-stream.unit.spec.ts');

/** What keeps the console from showing what is not so: an operator acts on what it shows. */
export const CONSOLE: readonly Mutant[] = [
  {
    name: 'view-without-dedupe',
    prevents: 'A record that evidence and stream both tell is shown as a message that was repeated.',
    edits: [
      {
        file: FOLDED,
        find: 'else if (!others.some((other) => isSamePosition(other, record))) others.push(record);',
        replace: 'else others.push(record);',
      },
    ],
    check: LANES_SHOW,
  },
  {
    name: 'view-two-lanes-swapped',
    prevents: 'A message is drawn from one service, and another one sent it.',
    edits: [
      {
        file: MODEL,
        find: 'from: source || NOBODY,',
        replace: "from: source === 'payment' ? 'shipment' : source || NOBODY,",
      },
    ],
    check: LANES_SHOW,
  },
  {
    name: 'view-takes-reactions-for-receipts',
    prevents: 'An arrow ends when a service said something, and not when its inbox got the message.',
    edits: [
      {
        file: ARRIVALS,
        find: 'else if (receivedAt !== undefined)',
        replace: 'else if (receivedAt !== undefined && !arrivals.has(lane))',
      },
    ],
    check: SERVICES_ADD,
  },
  {
    name: 'view-late-event-wins',
    prevents: 'An order that has ended is shown as pending, since an event of it came late.',
    edits: [
      {
        file: KNOWN,
        find: 'known.change && known.change.version >= version ? known.change : { status, version }',
        replace: '{ status, version }',
      },
    ],
    check: ORDERS_COME,
  },
  {
    name: 'view-saga-of-an-earlier-order',
    prevents: 'A row shows the steps of a saga as they were before its order moved on.',
    edits: [
      {
        file: 'apps/console/src/orders/known-sagas.ts',
        find: 'if (!known || known.orderVersion < version) return -Infinity;',
        replace: 'if (!known) return -Infinity;',
      },
    ],
    check: spec('apps/console/src/orders/when-sagas-of-rows-are-read.unit.spec.ts'),
  },
  {
    name: 'stream-begins-anew',
    prevents: 'What happened while the stream was cut off is never shown.',
    edits: [
      {
        file: STREAM,
        find: '{ url: this.origin + address, token, lastId: this.lastId, signal },',
        replace: "{ url: this.origin + address, token, lastId: '', signal },",
      },
    ],
    check: TABS_SHARE,
  },
  {
    name: 'view-answers-before-their-time',
    prevents: 'As of an earlier moment a command looks answered that nobody had answered yet.',
    edits: [
      { file: 'apps/console/src/lanes/moment.ts', find: "meaning: isOpen ? 'sent' : meaning,", replace: 'meaning,' },
    ],
    check: spec('apps/console/src/lanes/what-was-so-at-a-moment.unit.spec.ts'),
  },
  {
    name: 'view-stack-hides-a-sending',
    prevents: 'A command was asked for three times, and the stack of its sendings says two.',
    edits: [
      {
        file: ITEMS,
        find: "const stacked: Split = (members) => folded('stack', groupedBy(members, sendingOf), singly);",
        replace:
          "const stacked: Split = (members) =>\n    folded('stack', groupedBy(members.filter(({ attempt }) => attempt.number !== 2), sendingOf), singly);",
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-group-without-its-cause',
    prevents: 'What began a saga belongs to no saga by itself, and is in no group.',
    edits: [
      {
        file: ITEMS,
        find: "folded('saga', groupedBy(members, ofSaga), unlessMany);",
        replace: "folded('saga', groupedBy(members.filter(({ cause }) => cause !== undefined), ofSaga), unlessMany);",
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-break-over-an-arrival',
    prevents: 'A message arrived within a pause that is drawn as if nothing had happened.',
    edits: [
      {
        file: DRAWING,
        find: 'return [...times, ...beyond,',
        replace: 'return [saidAt, ...beyond,',
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-break-over-a-group',
    prevents: 'A saga is drawn as a box, and the time in which it worked as a pause.',
    edits: [
      {
        file: 'apps/console/src/lanes/time-scale.ts',
        find: 'gap >= BREAK_MIN_MS && !isBusy;',
        replace: 'gap >= BREAK_MIN_MS;',
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-windows-by-beginnings',
    prevents: 'An arrow over all that is in view is not drawn, since it began before.',
    edits: [
      {
        file: IN_VIEW,
        find: '...arrows.flatMap(({ x1, x2, ticks }) => [x1, x2, ...ticks.map(({ x }) => x)]),',
        replace: '...arrows.map(({ x1 }) => x1),',
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-stack-arrives-as-its-first',
    prevents: 'A command that was received when it was sent again looks as if nobody had it.',
    edits: [
      {
        file: DRAWING,
        find: 'if (!known || CERTAINTY[arrival.how] < CERTAINTY[known.how])',
        replace: 'if (!known)',
      },
    ],
    check: DRAWN_AS_ONE,
  },
  {
    name: 'view-ticks-end-with-the-arrow',
    prevents: 'A message that was in an inbox before Kafka had it looks as if it had come by Kafka.',
    edits: [{ file: STROKES, find: 'isBeyond: x > x2', replace: 'isBeyond: false' }],
    check: ARROWS_WAY,
  },
  {
    name: 'view-ticks-before-their-time',
    prevents: 'As of an earlier moment a message looks as if Kafka had taken it already.',
    edits: [
      {
        file: 'apps/console/src/lanes/moment.ts',
        find: 'ticks: ticks.filter((tick) => tick.at <= at),',
        replace: 'ticks,',
      },
    ],
    check: ARROWS_WAY,
  },
  {
    name: 'view-compares-no-outcomes',
    prevents: 'A step that one order did and another was refused stands in one row as if it were the same.',
    edits: [
      {
        file: 'apps/console/src/compare/compare.ts',
        find: "['outcome', a.outcome !== b.outcome],",
        replace: "['outcome', false],",
      },
    ],
    check: spec('apps/console/src/compare/when-two-orders-are-laid-side-by-side.unit.spec.ts'),
  },
];
