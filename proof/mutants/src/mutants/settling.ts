import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const SETTLING = spec('libs/unit-of-work/src/when-an-operator-settles-a-message.int.spec.ts');

/** What keeps an operator from settling another message than the one that was seen, and from doing what was only asked about. */
export const SETTLING_MUTANTS: readonly Mutant[] = [
  {
    name: 'settled-whatever-was-seen',
    prevents: 'A parked message is settled by somebody who saw another version of it.',
    edits: [
      {
        file: 'libs/unit-of-work/src/settle-parked.ts',
        find: 'if (!found || found.version !== target.expectedVersion)',
        replace: 'if (!found)',
      },
    ],
    check: SETTLING,
  },
  {
    name: 'seen-is-checked-before-alone',
    prevents: 'A parked message moves on between the look at it and the write, and is settled all the same.',
    edits: [
      {
        file: 'libs/inbox/src/parking.ts',
        find: ' AND p.attempts = coalesce(x.attempts, p.attempts)',
        replace: '',
      },
    ],
    check: SETTLING,
  },
  {
    name: 'dry-run-writes',
    prevents: 'Whoever asks what a replay would do has done it.',
    edits: [
      {
        file: 'libs/unit-of-work/src/dry-run.ts',
        find: "'ROLLBACK',",
        replace: "'COMMIT',",
      },
    ],
    check: SETTLING,
  },
  {
    name: 'settled-by-nobody',
    prevents: 'A parked message is handled, and nobody knows who wanted it.',
    edits: [
      {
        file: 'libs/unit-of-work/src/batch.ts',
        find: 'if (operation) this.operations.push(operation);',
        replace: 'if (operation && Date.now() < 0) this.operations.push(operation);',
      },
    ],
    check: SETTLING,
  },
  {
    name: 'second-poisoned-first',
    prevents: 'A replay overtakes what was held before it of its key.',
    edits: [
      {
        file: 'libs/unit-of-work/src/settle-parked.ts',
        find: 'if (first) throw new refused(`The message ${first.id}',
        replace: 'if (first && Date.now() < 0) throw new refused(`The message ${first.id}',
      },
    ],
    check: SETTLING,
  },
];
