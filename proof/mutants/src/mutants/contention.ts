import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const KEPT = spec('libs/unit-of-work/src/contention/what-is-kept-of-decisions.unit.spec.ts');
const DRAWN = spec('apps/console/src/contention/how-contention-is-drawn.unit.spec.ts');

/** What keeps the telling of contention from costing more than a little, and from saying what is not so. */
export const CONTENTION: readonly Mutant[] = [
  {
    name: 'decisions-for-ever',
    prevents: 'A process grows with every key that it has locked, and tells all of them every five seconds.',
    edits: [
      {
        file: 'libs/unit-of-work/src/contention/decisions.ts',
        find: 'if (this.kept.length > DECISIONS_MAX) this.kept.shift();',
        replace: '',
      },
    ],
    check: KEPT,
  },
  {
    name: 'series-for-ever',
    prevents: 'What is kept of a key that is wanted all day grows with the day.',
    edits: [
      {
        file: 'libs/unit-of-work/src/contention/series.ts',
        find: 'if (this.slots.length > SLOTS_MAX) this.slots.shift();',
        replace: '',
      },
    ],
    check: KEPT,
  },
  {
    name: 'ended-instances-counted',
    prevents: 'The conflicts of instances that ended an hour ago are told as those of the last minute.',
    edits: [
      {
        file: 'libs/unit-of-work/src/contention/board.ts',
        find: '(fresh ? report : { ...NOTHING, ...decided(report) })',
        replace: 'report',
      },
    ],
    check: spec('libs/unit-of-work/src/when-contention-is-measured.int.spec.ts'),
  },
  {
    name: 'view-locked-as-calm',
    prevents: 'A key that is locked, and so loses nothing, is shown as one that nobody fights for.',
    edits: [
      {
        file: 'apps/console/src/contention/heat.ts',
        find: 'isLocked: locked > 0,',
        replace: 'isLocked: false,',
      },
    ],
    check: DRAWN,
  },
];
