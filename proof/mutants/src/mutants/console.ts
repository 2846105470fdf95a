import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const FOLDED = 'apps/console/src/lanes/folded.ts';
const MODEL = 'apps/console/src/lanes/model.ts';
const ARRIVALS = 'apps/console/src/lanes/arrivals.ts';
const KNOWN = 'apps/console/src/orders/known-orders.ts';
const STREAM = 'apps/console/src/stream/lasting-stream.ts';

const LANES_SHOW = spec('apps/console/src/lanes/what-the-lanes-show.unit.spec.ts');
const SERVICES_ADD = spec('apps/console/src/lanes/what-services-add-to-the-lanes.unit.spec.ts');
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
