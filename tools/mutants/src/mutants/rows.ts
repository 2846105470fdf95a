import type { Edit, Mutant } from '../mutant.js';
import { TWO_INSTANCES } from './checks.js';

const TABLE = 'libs/concurrency/src/table.ts';
const LEASES = 'apps/payment/src/settle-payment/leases.ts';

/** The version check of these tables' updates and deletes, taken out of the SQL. */
const unchecked = (...tables: readonly string[]): [Edit, Edit] => {
  const check = ' AND t.${version.name} = x.expected_version';
  const unlessOne = `\${/^"(${tables.join('|')})"$/.test(table) ? '' : \`${check}\`}`;
  return [
    {
      file: TABLE,
      find: `\`WHERE t.\${key.name} = x.\${key.name}${check}\``,
      replace: `\`WHERE t.\${key.name} = x.\${key.name}${unlessOne}\``,
    },
    {
      file: TABLE,
      find: `\`WHERE t.\${key.name} = x.key${check}\``,
      replace: `\`WHERE t.\${key.name} = x.key${unlessOne}\``,
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
    edits: unchecked('saga_instance'),
    check: TWO_INSTANCES,
  },
  {
    name: 'lease-without-epoch',
    prevents: 'A worker that was asleep ends the lease of the worker that took over.',
    edits: [{ file: LEASES, find: 'AND p.lease_epoch = x.lease_epoch ', replace: '' }],
    check: TWO_INSTANCES,
  },
];
