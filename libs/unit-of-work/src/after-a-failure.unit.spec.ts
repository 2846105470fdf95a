import { describe, expect, it } from '@jest/globals';
import {
  DatabaseUnavailableError,
  LockTimeoutError,
  RowsMismatchError,
  TransactionRetryError,
  UniqueViolationError,
} from '@backstep/concurrency';
import { andLost, next, NOTHING_LOST, type Next, type Tried } from './after-a-failure.js';

/** Goal: what a failed batch does next is the table that docs/architecture.md shows. Method: the table's rows, one by one. */
const LIMITS = { optimisticTries: 3, conflictsMax: 12, sameViolationsMax: 4 };
const FIRST: Tried = {
  askedInVain: false,
  assumed: false,
  demanded: false,
  conflicts: 1,
  violated: undefined,
  sameViolations: 1,
};

const known = new UniqueViolationError('inbox', 'inbox_pkey');
const parked = new UniqueViolationError('parked_message', 'parked_message_pkey');
const taken = new UniqueViolationError('loaf', 'loaf_pkey');
const moved = new RowsMismatchError('upd_supply');
const deadlock = new TransactionRetryError('40P01');
const lockTimeout = new LockTimeoutError('55P03');
const away = new DatabaseUnavailableError();
const bug = new TypeError('x is not a function');
const refused = Object.assign(new Error('violates check constraint'), { code: '23514' });

it.each<[string, Error, Partial<Tried>, Next]>([
  ['the inbox may know a message', known, {}, 'without duplicates'],
  ['the lot may know a message', parked, {}, 'without duplicates'],
  ['the inbox may know a message, of a batch that assumed rows', known, { assumed: true }, 'without duplicates'],
  ['the inbox knows none, of a batch that assumed rows', known, { askedInVain: true, assumed: true }, 'read again'],
  ['the inbox knows none after all', known, { askedInVain: true }, 'retry'],
  ['the database is away', away, {}, 'give back'],
  ['the database is away, of a batch that assumed rows', away, { assumed: true }, 'give back'],
  ['the database is away, of a batch that has lost often', away, { conflicts: 13 }, 'give back'],
  ['an assumed row is not so', moved, { assumed: true }, 'read again'],
  ['a handler throws, from assumed rows', bug, { assumed: true }, 'read again'],
  ['a row is there that was assumed absent', taken, { assumed: true }, 'read again'],
  ['a demanded lock is not held', moved, { demanded: true }, 'without refused'],
  ['a demanded lock is not held, of a batch that assumed rows', moved, { demanded: true, assumed: true }, 'read again'],
  ['all demands hold after all', moved, { demanded: true, askedInVain: true }, 'retry'],
  ['a row changed since it was read', moved, {}, 'retry'],
  ['a row changed since it was read, a second time', moved, { conflicts: 2 }, 'retry'],
  ['a row changed since it was read, three times', moved, { conflicts: 3 }, 'lock'],
  ['a deadlock', deadlock, {}, 'retry'],
  ['somebody may hold a row', lockTimeout, {}, 'set aside'],
  ['somebody may hold a row, of a batch that assumed rows', lockTimeout, { assumed: true }, 'set aside'],
  ['nobody holds a row any more', lockTimeout, { askedInVain: true }, 'retry'],
  ['nobody holds a row, the fourth time', lockTimeout, { askedInVain: true, conflicts: 4 }, 'lock'],
  ['nobody holds a row, the twelfth time', lockTimeout, { askedInVain: true, conflicts: 12 }, 'lock'],
  ['nobody holds a row, once more', lockTimeout, { askedInVain: true, conflicts: 13 }, 'give back as contended'],
  ['a new row is there already', taken, {}, 'retry'],
  ['the same new row, four times in a row', taken, { conflicts: 4, sameViolations: 4 }, 'lock'],
  ['the same new row, five times in a row', taken, { conflicts: 5, sameViolations: 5 }, 'halve'],
  ['a handler throws', bug, {}, 'halve'],
  ['a row that PostgreSQL refuses', refused, {}, 'halve'],
])('after "%s" a batch goes on as the table says', (_, failure, tried, follows) => {
  expect(next(failure, { ...FIRST, ...tried }, LIMITS)).toBe(follows);
});

describe('the count of conflicts', () => {
  const lostTo = (...failures: Error[]) => failures.reduce(andLost, NOTHING_LOST);

  it('a conflict is counted, whatever its cause', () => {
    expect(lostTo(moved, deadlock, taken)).toMatchObject({ conflicts: 3, sameViolations: 1 });
  });

  it('violations count as the same only while they are of one constraint, without another conflict between', () => {
    expect(lostTo(taken, taken, taken).sameViolations).toBe(3);
    expect(lostTo(taken, taken, known).sameViolations).toBe(1);
    expect(lostTo(taken, moved, taken).sameViolations).toBe(1);
  });
});
