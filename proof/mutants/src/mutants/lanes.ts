import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const APPLY = 'libs/lanes/src/apply.handler.ts';
const STORE = 'libs/lanes/src/lane-store.ts';
const CHOOSE = 'libs/lanes/src/choose.ts';

const ORDER = spec('libs/lanes/src/what-order-entries-keep.int.spec.ts');
const CHOICE = spec('libs/lanes/src/choose.unit.spec.ts');

/** What keeps the entries of a lane in order, and each from being applied twice. */
export const LANES: readonly Mutant[] = [
  {
    name: 'lane-entry-applied-again',
    prevents: 'An entry that another worker has applied is applied once more.',
    edits: [{ file: APPLY, find: "if (entry?.state !== 'QUEUED') return", replace: 'if (!entry) return' }],
    check: ORDER,
  },
  {
    name: 'lane-order-of-a-batch-only',
    prevents: 'An entry overtakes one that was given back in another half of their batch.',
    edits: [
      {
        file: APPLY,
        find: "if (behind.some((before) => entries.get(before)?.state === 'QUEUED')) return",
        replace: 'if (behind.includes(key)) return',
      },
    ],
    check: ORDER,
  },
  {
    name: 'lane-order-not-of-arrival',
    prevents: 'Entries are applied in another order than they were enqueued.',
    edits: [
      {
        file: STORE,
        find: "SELECT key, input FROM lane_entry WHERE lane = $1 AND state = 'QUEUED' ORDER BY seq",
        replace: "SELECT key, input FROM lane_entry WHERE lane = $1 AND state = 'QUEUED' ORDER BY key DESC",
      },
    ],
    check: ORDER,
  },
  {
    name: 'lane-order-of-the-first-row',
    prevents:
      'The order is kept for the first row that an entry names, such as the source of a transfer, and not for the others.',
    edits: [{ file: CHOOSE, find: 'const rows = rowsOf(input);', replace: 'const rows = rowsOf(input).slice(0, 1);' }],
    check: CHOICE,
  },
  {
    name: 'lane-without-fence',
    prevents: 'A worker that was paused, and is the owner of the lane no more, writes.',
    edits: [{ file: APPLY, find: '(fence ? [fence] : [])', replace: '(fence ? [] : [])' }],
    check: ORDER,
  },
];
