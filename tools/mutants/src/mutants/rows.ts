import type { Edit, Mutant } from '../mutant.js';
import { ANSWERS_AT_THE_DEADLINE, TWO_INSTANCES } from './checks.js';

const STATEMENT = 'libs/concurrency/src/statement.ts';
const LEASES = 'apps/payment/src/settle-payment/leases.ts';

/** The version check of these tables' updates and deletes, taken out of the SQL. */
const unchecked = (...tables: readonly string[]): [Edit, Edit] => {
  const isOne = `/^"(${tables.join('|')})"$/.test(table.name)`;
  return [
    {
      file: STATEMENT,
      find: '`WHERE t.${table.key.name} = x.${table.key.name} AND t.${table.version.name} = x.expected_version`',
      replace: `\`WHERE t.\${table.key.name} = x.\${table.key.name}\${${isOne} ? '' : \` AND t.\${table.version.name} = x.expected_version\`}\``,
    },
    {
      file: STATEMENT,
      find: '`WHERE t.${table.key.name} = x.key AND t.${table.version.name} = x.expected_version`',
      replace: `\`WHERE t.\${table.key.name} = x.key\${${isOne} ? '' : \` AND t.\${table.version.name} = x.expected_version\`}\``,
    },
  ];
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
    edits: unchecked('saga_instance', 'saga_timer'),
    check: TWO_INSTANCES,
  },
  {
    name: 'saga-instance-unchecked',
    prevents: 'The same, where the two decisions move different timers: an answer, and a deadline that passes.',
    edits: unchecked('saga_instance'),
    check: ANSWERS_AT_THE_DEADLINE,
  },
  {
    name: 'lease-without-epoch',
    prevents: 'A worker that was asleep ends the lease of the worker that took over.',
    edits: [{ file: LEASES, find: 'AND p.lease_epoch = x.lease_epoch ', replace: '' }],
    check: TWO_INSTANCES,
  },
];
