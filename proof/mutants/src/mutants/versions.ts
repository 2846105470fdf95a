import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

export const STATEMENTS = 'libs/concurrency/src/table-statements.ts';
const TABLE_VERSION = 'libs/concurrency/src/table-version.ts';

export const CHECK = " AND ${version.of('t.')} = ANY(ARRAY[x.expected_version])";
/** The conditions of the statements that update and delete. */
export const UPDATED = `\`WHERE t.\${key.name} = ANY(ARRAY[x.\${key.name}::\${key.type}])${CHECK}\``;
export const DELETED = `\`WHERE t.\${key.name} = ANY(ARRAY[x.key])${CHECK}\``;
const RISING = "`greatest(clock_timestamp(), ${row}${column} + interval '1 microsecond')`";

const TIMESTAMPS = spec('libs/concurrency/src/when-versions-are-timestamps.int.spec.ts');
const TWO_WRITE = spec('libs/concurrency/src/when-two-write-one-row.int.spec.ts');

/** What a version notices, by number, timestamp, hash and custom. */
export const VERSIONS: readonly Mutant[] = [
  {
    name: 'update-unchecked',
    prevents: 'Of two that write one row at once, both believe that they have.',
    edits: [{ file: STATEMENTS, find: UPDATED, replace: UPDATED.replace(CHECK, '') }],
    check: TWO_WRITE,
  },
  {
    name: 'delete-unchecked',
    prevents: 'A row is deleted by somebody who has not seen what it is by now.',
    edits: [{ file: STATEMENTS, find: DELETED, replace: DELETED.replace(CHECK, '') }],
    check: TWO_WRITE,
  },
  {
    name: 'rows-not-counted',
    prevents: 'A write of several rows of which some have moved is half done.',
    edits: [
      {
        file: 'libs/concurrency/src/statement.ts',
        find: 'IF touched IS DISTINCT FROM expected THEN',
        replace: 'IF touched IS NULL THEN',
      },
    ],
    check: spec('libs/concurrency/src/one-statement-or-nothing.int.spec.ts'),
  },
  {
    name: 'version-of-the-transaction',
    prevents: 'A version that is a time goes back, since of two transactions the later write may have begun earlier.',
    edits: [{ file: TABLE_VERSION, find: RISING, replace: "'now()'" }],
    check: TIMESTAMPS,
  },
  {
    name: 'clock-believed',
    prevents: 'A version that is a time goes back with the clock, or stands still.',
    edits: [{ file: TABLE_VERSION, find: RISING, replace: "'clock_timestamp()'" }],
    check: TIMESTAMPS,
  },
  {
    name: 'version-cut-to-milliseconds',
    prevents: 'Two versions within one millisecond are taken for one, as by who compares with a JavaScript Date.',
    edits: [
      {
        file: TABLE_VERSION,
        find: '(extract(epoch FROM ${row}${column}) * 1000000)::bigint',
        replace: "(extract(epoch FROM date_trunc('milliseconds', ${row}${column})) * 1000000)::bigint",
      },
    ],
    check: TIMESTAMPS,
  },
  {
    name: 'hash-as-it-is-written',
    prevents: 'Content that means the same counts as changed, because another program writes it in another way.',
    edits: [
      {
        file: 'libs/concurrency/src/content-sql.ts',
        find: "`convert_to(regexp_replace(${text}, '${STRING_OR_LAST_ZEROS}', '\\\\1\\\\2', 'g'), 'UTF8')`",
        replace: "`convert_to(${text}, 'UTF8')`",
      },
    ],
    check: spec('libs/concurrency/src/when-versions-are-hashes.int.spec.ts'),
  },
  {
    name: 'hash-of-less-than-is-written',
    prevents: 'What another program has set in a column that is not in the hash is written over.',
    edits: [{ file: STATEMENTS, find: ' && (checked?.has(column.property) ?? true)', replace: '' }],
    check: spec('libs/concurrency/src/when-versions-are-hashes.int.spec.ts'),
  },
  {
    name: 'version-goes-back',
    prevents: 'An event that comes late, or again, is applied over what came after it.',
    edits: [{ file: TABLE_VERSION, find: ' && version > (before ?? -1)', replace: '' }],
    check: spec('libs/concurrency/src/when-versions-are-custom.int.spec.ts'),
  },
  {
    name: 'merged-unasked',
    prevents: 'Who saves a product overwrites a price that somebody has changed meanwhile, unasked.',
    edits: [
      {
        file: 'apps/console/src/products/merge.ts',
        find: "verdict === 'clash' ? undefined : verdict === 'yours'",
        replace: "verdict === 'clash' || verdict === 'yours'",
      },
    ],
    check: spec('apps/console/src/products/when-two-edit-a-product.unit.spec.ts'),
  },
];
