import { expect, it } from '@jest/globals';
import type { MisbookedTransfer } from './evidence.js';
import { violationsOf } from './testing/broken-evidence.js';
import { account } from './testing/sound-evidence.js';

/** Goal: the doctor says of each transfer whose entries are not those of its outcome what is wrong with it, and where to look. */
const decided = { id: 'x', from: account };

it.each<[string, MisbookedTransfer, string]>([
  [
    'is applied and not in the ledger',
    { ...decided, status: 'APPLIED', entries: 0 },
    'transfer x is APPLIED, and the ledger has 0 entries of it, not 2',
  ],
  [
    'is in the ledger twice',
    { ...decided, status: 'APPLIED', entries: 4 },
    'transfer x is APPLIED, and the ledger has 4 entries of it, not 2',
  ],
  [
    'has moved another amount',
    { ...decided, status: 'APPLIED', entries: 2 },
    'transfer x is APPLIED, and its entries in the ledger are of other accounts or amounts',
  ],
  [
    'is rejected and has moved money',
    { ...decided, status: 'REJECTED', entries: 2 },
    'transfer x is REJECTED, and the ledger has 2 entries of it',
  ],
  [
    'is not there and has moved money',
    { id: 'x', from: null, status: null, entries: 2 },
    'the ledger has 2 entries of transfer x, and there is no such transfer',
  ],
])('the doctor sees a transfer that %s', (_, misbooked, what) => {
  const violations = violationsOf((evidence) => {
    evidence.misbooked = [misbooked];
  });
  expect(violations).toMatchObject([{ invariant: 'I14', what }]);
  expect(violations[0]?.remedy).toMatch(misbooked.from === null ? /transfer:x/ : `npx backstep account ${account}`);
});
