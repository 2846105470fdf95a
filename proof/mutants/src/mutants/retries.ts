import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const UNIT_OF_WORK = 'libs/unit-of-work/src/unit-of-work.ts';

const OVERTAKEN = spec('libs/unit-of-work/src/when-a-rival-is-faster-twice.int.spec.ts');

/** What keeps a retry from being in vain, from having an effect twice, and from meeting the same rivals again. */
export const RETRIES: readonly Mutant[] = [
  {
    name: 'retry-from-what-was-read',
    prevents: 'A write that was refused is tried again with the rows that it was refused for.',
    edits: [
      {
        file: 'libs/unit-of-work/src/row-set.ts',
        find: "{ loadedVersion, row: there, dirty: false, basis: 'read' }",
        replace: "{ loadedVersion, row: there, read: there, dirty: false, basis: 'read' }",
      },
      {
        file: UNIT_OF_WORK,
        find: "if (follows === 'lock') rows = lockRows;",
        replace: `rows = follows === 'lock' ? lockRows : again(failed.rowSet);
          function again(lost) {
            return {
              fill: async (rowSet, ...rest) => {
                const filled = await readRows.fill(rowSet, ...rest);
                for (const table of lost.tablesWanted)
                  for (const [key, { loadedVersion, read }] of lost.trackedIn(table))
                    rowSet.trackedIn(table).set(key, { loadedVersion, row: read, read, dirty: false, basis: 'read' });
                return filled;
              },
            };
          }`,
      },
    ],
    check: OVERTAKEN,
  },
  {
    name: 'effect-of-each-attempt',
    prevents: 'What follows a commit happens for attempts that were not committed, too.',
    edits: [
      {
        file: UNIT_OF_WORK,
        find: 'this.memory.failed(batch);',
        replace: 'this.memory.failed(batch); this.listeners.call((batch as never)["effects"], () => undefined);',
      },
    ],
    check: OVERTAKEN,
  },
  {
    name: 'backoff-not-jittered',
    prevents: 'All who have lost to one writer wait equally long, and meet again.',
    edits: [
      {
        file: 'libs/resilience/src/backoff.ts',
        find: 'return random() * Math.min(',
        replace: 'return Math.min(',
      },
    ],
    check: spec('libs/resilience/src/backoff.unit.spec.ts'),
  },
];
