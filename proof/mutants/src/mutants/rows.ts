import type { Edit, Mutant } from '../mutant.js';
import { POISONED, SIMULATED, TWO_BUSY_INSTANCES, TWO_INSTANCES, spec } from './checks.js';
import { CHECK, DELETED, STATEMENTS, UPDATED } from './versions.js';

const ROW_SET = 'libs/unit-of-work/src/row-set.ts';
const BATCH = 'libs/unit-of-work/src/batch.ts';
const AFTER_A_FAILURE = 'libs/unit-of-work/src/after-a-failure.ts';
const HOT_KEYS = 'libs/unit-of-work/src/contention/hot-keys.ts';
const LEASES = 'apps/payment/src/intents/settle-payment/leases.ts';

const MERGE = 'libs/unit-of-work/src/stale/merge.ts';
const REBASE = 'libs/unit-of-work/src/stale/rebase.ts';

const MERGED = spec('libs/unit-of-work/src/stale/when-edits-are-merged.unit.spec.ts');
const REBASED = spec('libs/unit-of-work/src/stale/when-edits-are-rebased.unit.spec.ts');
const REMEMBERED = spec('libs/unit-of-work/src/when-rows-are-remembered.int.spec.ts');
const HELD = spec('libs/unit-of-work/src/when-a-decision-holds-rows.int.spec.ts');

const TAKEN = spec('libs/unit-of-work/src/when-an-entity-says-how-it-is-taken.int.spec.ts');

/** The version check of these tables' updates and deletes, taken out of the SQL. */
export const unchecked = (...tables: readonly string[]): [Edit, Edit] => {
  const unlessOne = `\${/^"(${tables.join('|')})"$/.test(table) ? '' : \`${CHECK}\`}`;
  const edit = (find: string): Edit => ({ file: STATEMENTS, find, replace: find.replace(CHECK, () => unlessOne) });
  return [edit(UPDATED), edit(DELETED)];
};

/** Versions, leases: what keeps two that write one row apart. */
export const ROWS: readonly Mutant[] = [
  {
    name: 'stock-unchecked',
    prevents: 'Two reservations at once take the same piece.',
    edits: unchecked('stock'),
    check: TWO_INSTANCES,
  },
  {
    name: 'saga-unchecked',
    prevents: 'A decision about a saga is written over another.',
    edits: unchecked('saga_instance'),
    check: TWO_INSTANCES,
  },
  {
    name: 'memory-unchecked',
    prevents: 'What is decided from a remembered row, and leaves it as it is, is decided from what is not so any more.',
    edits: [
      {
        file: ROW_SET,
        find: 'else changes.unchanged.push({ key, expectedVersion: loadedVersion });',
        replace: '',
      },
    ],
    check: REMEMBERED,
  },
  {
    name: 'absence-unchecked',
    prevents: 'What is decided because there is no row, and makes none, is decided though there is one.',
    edits: [
      {
        file: ROW_SET,
        find: 'else if (loadedVersion === undefined) changes.absent.push(key);',
        replace: 'else if (loadedVersion === undefined) continue;',
      },
    ],
    check: REMEMBERED,
  },
  {
    name: 'rows-in-order-of-arrival',
    prevents: 'Writers that want the same rows in different orders deadlock.',
    edits: [{ file: ROW_SET, find: '[...rows.keys()].sort()', replace: '[...rows.keys()]' }],
    check: spec('libs/unit-of-work/src/when-writers-cross.int.spec.ts'),
  },
  {
    name: 'locked-for-ever',
    prevents: 'A key that has conflicted once is locked for the rest of the process.',
    edits: [
      {
        file: HOT_KEYS,
        find: 'if (hot.locked && this.now() >= hot.lockedUntil) this.become(hot, false, timeOver(hot, this.now()));',
        replace: '',
      },
    ],
    check: spec('libs/unit-of-work/src/contention/when-keys-become-hot.unit.spec.ts'),
  },
  {
    name: 'locked-in-name-only',
    prevents: 'Rows that are said to be locked are read without locks.',
    edits: [
      {
        file: 'libs/unit-of-work/src/contention/contention.ts',
        find: 'return await lockRows.fill(rowSet, ...rest);',
        replace: 'return await readRows.fill(rowSet, ...rest);',
      },
      {
        file: 'libs/unit-of-work/src/contention/contention.ts',
        find: 'import { lockRows, type RowSource }',
        replace: 'import { lockRows, readRows, type RowSource }',
      },
    ],
    check: TAKEN,
  },
  {
    name: 'attempts-counted-twice',
    prevents: 'The meter counts an attempt twice, and says that half as many of them are lost.',
    edits: [
      {
        file: 'libs/unit-of-work/src/contention/meter.ts',
        find: 'sums.attempts++;',
        replace: 'sums.attempts += 2;',
      },
    ],
    check: spec('libs/unit-of-work/src/when-contention-is-measured.int.spec.ts'),
  },
  {
    name: 'children-kept-out',
    prevents: 'A row that is locked for a decision keeps others from inserting rows that refer to it.',
    edits: [
      {
        file: 'libs/unit-of-work/src/read.ts',
        find: 'FOR NO KEY UPDATE OF ${name}${now}',
        replace: 'FOR UPDATE OF ${name}${now}',
      },
    ],
    check: TAKEN,
  },
  {
    name: 'hold-without-lock',
    prevents: 'Two decisions that are each right, and each write what the other has held, are committed (write skew).',
    edits: [
      { file: STATEMENTS, find: '`${inOrder} FOR SHARE OF t`', replace: 'inOrder' },
      { file: STATEMENTS, find: '`${inOrder} FOR NO KEY UPDATE OF t`', replace: 'inOrder' },
    ],
    check: HELD,
  },
  {
    name: 'hold-unlooked',
    prevents: 'What is decided from a row that is held is committed though that row is another by then.',
    edits: [
      {
        file: ROW_SET,
        find: 'if (loadedVersion !== undefined && heldKeys?.has(key))',
        replace: 'if (loadedVersion === -1)',
      },
    ],
    check: HELD,
  },
  {
    name: 'touch-counts-nothing',
    prevents: 'Who has the ETag of a whole overwrites what has changed in one of its parts.',
    edits: [
      {
        file: 'libs/unit-of-work/src/changes.ts',
        find: "return { change: 'update', entity, row };",
        replace: "return { change: 'effect', effect: { name: 'touched' }, data: {} } as never;",
      },
    ],
    check: spec('libs/messaging/src/when-a-part-of-a-whole-changes.int.spec.ts'),
  },
  {
    name: 'removed-row-begins-anew',
    prevents: 'Who has read a row before it was removed writes over the one that was inserted in its place (ABA).',
    edits: [
      {
        file: ROW_SET,
        find: 'tracked.row === undefined ? tracked.loadedVersion',
        replace: 'tracked.row === undefined ? undefined',
      },
    ],
    check: spec('libs/unit-of-work/src/when-rows-come-back.int.spec.ts'),
  },
  {
    name: 'claimed-twice',
    prevents: 'Two workers claim the same row.',
    edits: [{ file: 'libs/concurrency/src/claim.ts', find: ' FOR NO KEY UPDATE SKIP LOCKED', replace: '' }],
    check: spec('libs/concurrency/src/when-workers-claim-rows.int.spec.ts'),
  },
  {
    name: 'lock-wait-is-an-outage',
    prevents: 'One row that somebody holds stops everything: its service takes the database for away.',
    edits: [
      {
        file: 'libs/concurrency/src/errors.ts',
        find: 'if (isLockWait(driver)) return new LockTimeoutError(code, options);',
        replace: 'if (isLockWait(driver)) return new DatabaseUnavailableError(options);',
      },
    ],
    check: spec('libs/unit-of-work/src/when-somebody-holds-a-row.int.spec.ts'),
  },
  {
    name: 'held-keys-not-asked',
    prevents: 'A batch that reads nothing does not learn that its key is held, and overtakes what is parked.',
    edits: [
      {
        file: BATCH,
        find: 'if (this.unasked.length > 0) parts.push(nothingHeldPart(this.unasked));',
        replace: '',
      },
    ],
    check: POISONED,
  },
  {
    name: 'memory-believed',
    prevents: 'A sound message is parked, because what was remembered was out of date.',
    edits: [
      {
        file: AFTER_A_FAILURE,
        find: "if (tried.assumed) return 'read again';",
        replace: "if (tried.assumed && failure.name === 'RowsMismatchError') return 'halve';",
      },
    ],
    check: TWO_INSTANCES,
  },
  {
    name: 'ask-counted-when-recorded',
    prevents: 'A provider is asked more often than is seen: the asks of processes that died do not count.',
    edits: [{ file: LEASES, find: 'attempts = attempts + 1, updated_at', replace: 'updated_at' }],
    check: SIMULATED,
  },
  {
    name: 'lease-without-holder',
    prevents: 'A worker that was asleep ends the lease of the worker that took over.',
    edits: [
      {
        file: 'libs/locks/src/statements.ts',
        find: "until = '-infinity', changed_at = statement_timestamp()\nFROM ${LEASES} WHERE ${HELD_BY}",
        replace:
          "until = '-infinity', changed_at = statement_timestamp()\nFROM ${LEASES} WHERE t.name = ANY(ARRAY[x.name]) AND t.until > '-infinity'",
      },
    ],
    check: TWO_BUSY_INSTANCES,
  },
  {
    name: 'merge-of-two',
    prevents: 'An edit that repeats the fields it was shown reverts what somebody else has changed or deleted since.',
    edits: [
      { file: MERGE, find: '[...new Set(changes.flatMap(({ was }) => Object.keys(was)))]', replace: '[] as string[]' },
      {
        file: MERGE,
        find: 'if (others.length > 0) return was[field] === digestOf(value);',
        replace: 'if (others.length > 0) return sameValue(value, valueAt(row, field));',
      },
    ],
    check: MERGED,
  },
  {
    name: 'fields-apart',
    prevents: 'The street of one address stands beside the city of another.',
    edits: [{ file: MERGE, find: 'isIn(group, a) && isIn(group, b)', replace: 'isIn(group, a) && a === b' }],
    check: MERGED,
  },
  {
    name: 'rebase-without-transform',
    prevents: 'An operation is applied to what a concurrent one has made of its line.',
    edits: [{ file: REBASE, find: 'afterAll(op, concurrent, against)', replace: 'afterAll(op, [], against)' }],
    check: REBASED,
  },
  {
    name: 'rebase-past-the-last-edit-alone',
    prevents: 'An operation clashes with one since its basis, and a later edit of something else hides that.',
    edits: [
      {
        file: REBASE,
        find: 'changes.flatMap(({ ops = [] }) => ops as readonly Op[])',
        replace: 'changes.slice(-1).flatMap(({ ops = [] }) => ops as readonly Op[])',
      },
    ],
    check: REBASED,
  },
  {
    name: 'gap-in-the-log-overlooked',
    prevents: 'An edit is merged although a write since its basis is not in the log.',
    edits: [
      {
        file: 'libs/concurrency/src/kept.ts',
        find: 'return whole && since.length === version - basis ? since : undefined;',
        replace: 'return since;',
      },
    ],
    check: spec('libs/unit-of-work/src/when-an-edit-is-stale.int.spec.ts'),
  },
];
