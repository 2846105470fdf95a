import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const STATEMENTS = 'libs/locks/src/statements.ts';
const PARTS = 'libs/locks/src/parts.ts';

const LEASES = spec('libs/locks/src/when-a-lease-runs-out.int.spec.ts');
const WORKERS = spec('libs/locks/src/when-workers-want-the-same-names.int.spec.ts');
const BATCHES = spec('libs/locks/src/when-a-batch-is-fenced.int.spec.ts');

/** Named locks, their leases and fences. */
export const LOCKS: readonly Mutant[] = [
  {
    name: 'locks-in-order-of-arrival',
    prevents: 'Who takes several names in another order than others deadlocks with them.',
    edits: [
      {
        file: 'libs/locks/src/names.ts',
        find: '[...new Set(names.map(checkedName))].sort()',
        replace: '[...new Set(names.map(checkedName))]',
      },
    ],
    check: WORKERS,
  },
  {
    name: 'locks-taken-in-part',
    prevents: 'Who wants several names has some of them, and keeps others from theirs.',
    edits: [
      { file: STATEMENTS, find: "backstep_assert_rows('locks', (SELECT count(*) FROM taken), $4)", replace: '$4 > 0' },
      {
        file: STATEMENTS,
        find: '  WHERE NOT EXISTS (SELECT FROM others)\n    AND (SELECT',
        replace: '  WHERE (SELECT',
      },
      {
        file: STATEMENTS,
        find: '(SELECT count(*) FROM free) = (SELECT count(*) FROM named_lock WHERE name = ANY($1::text[]))',
        replace: '(SELECT count(*) FROM free) >= 0',
      },
    ],
    check: WORKERS,
  },
  {
    name: 'lock-released-by-anyone',
    prevents: 'A holder that was overtaken gives the lock of who took over back.',
    edits: [
      {
        file: STATEMENTS,
        find: "until = '-infinity', changed_at = statement_timestamp()\nFROM ${LEASES} WHERE ${HELD_BY}",
        replace:
          "until = '-infinity', changed_at = statement_timestamp()\nFROM ${LEASES} WHERE t.name = ANY(ARRAY[x.name])",
      },
    ],
    check: LEASES,
  },
  {
    name: 'lock-kept-when-the-client-is-gone',
    prevents: 'A client that goes away during its work keeps its locks until their lease is over.',
    edits: [
      {
        file: 'libs/locks/src/named-locks.ts',
        find: '    } finally {\n      await held.release();',
        replace: '    } finally {\n      if (!options.signal?.aborted) await held.release();',
      },
    ],
    check: WORKERS,
  },
  {
    name: 'lock-without-fence',
    prevents: 'A holder that was stopped for longer than its lease writes over what was written since.',
    edits: [
      {
        file: PARTS,
        find: 'params: columnsOf(leases),\n  rows: leases.length,',
        replace: 'params: columnsOf(leases),\n  rows: undefined,',
      },
    ],
    check: LEASES,
  },
  {
    name: 'batch-without-fence',
    prevents: 'What a handler decides under a lock that is lost is committed.',
    edits: [
      {
        file: PARTS,
        find: 'params: columnsOf(all), rows: all.length }',
        replace: 'params: columnsOf(all), rows: undefined }',
      },
    ],
    check: BATCHES,
  },
  {
    name: 'fence-looked-at-and-not-locked',
    prevents: 'A write is committed whose lock another takes between the look and the commit.',
    edits: [{ file: PARTS, find: 'ORDER BY x.place FOR SHARE OF t`', replace: 'ORDER BY x.place`' }],
    check: LEASES,
  },
  {
    name: 'epochs-begin-again',
    prevents: 'The fencing tokens of a name fall when its row was purged, and an old one passes for a new one.',
    edits: [
      {
        file: STATEMENTS,
        find: "epoch = nextval('named_lock_epoch'), until = excluded.until",
        replace: 'epoch = t.epoch + 1, until = excluded.until',
      },
      { file: STATEMENTS, find: "$2::uuid, nextval('named_lock_epoch')", replace: '$2::uuid, 1' },
    ],
    check: LEASES,
  },
  {
    name: 'lease-by-the-clock-of-the-process',
    prevents: 'Two have one lock, because the clock of a process is off.',
    edits: [
      {
        file: STATEMENTS,
        find: 'TAKE, [names, holder, leaseMs, names.length]',
        // The end of the lease, as far as this process's clock is from the true time.
        replace:
          'TAKE, [names, holder, leaseMs + Date.now() - performance.timeOrigin - performance.now(), names.length]',
      },
    ],
    check: LEASES,
  },
];
