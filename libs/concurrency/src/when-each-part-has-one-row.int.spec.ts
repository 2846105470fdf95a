import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accounts, type Account } from './accounts.fixture.spec.js';
import {
  compose,
  deletePart,
  insertPart,
  oneRowSql,
  unchangedGuard,
  updatePart,
  write,
  type Executor,
  type StatementPart,
} from './index.js';

/**
 * Goal: the statement for parts of one row each does what the statement for any number of rows does: it writes as much, and refuses as much.
 * Method: the same parts on two rows that are alike, once as the unit of work sends them, once without their SQL for one row.
 */
let bank: Awaited<ReturnType<typeof accounts>>;
let executor: Executor;
beforeAll(async () => {
  bank = await accounts();
  executor = bank.database.pool as unknown as Executor;
});
afterAll(() => bank.close());

type Act = 'insert' | 'update' | 'delete' | 'look';
interface Plan {
  /** Whether the row is there before. */
  readonly there: boolean;
  readonly act: Act;
  readonly expectedVersion: number;
  readonly balance: number;
  readonly notes: Account['notes'];
}
const aPlan: fc.Arbitrary<Plan> = fc.record({
  there: fc.boolean(),
  act: fc.constantFrom<Act>('insert', 'update', 'delete', 'look'),
  expectedVersion: fc.constantFrom(1, 1, 2),
  balance: fc.integer({ min: -5, max: 5 }),
  notes: fc.constantFrom<Account['notes']>(null, [], ["it's", '}"', '\\']),
});

function partsOf({ act, expectedVersion, balance, notes }: Plan, row: Account): StatementPart[] {
  const after = { ...row, balance, notes, version: expectedVersion + 1 };
  switch (act) {
    case 'insert':
      return [insertPart(bank.table, [{ ...row, balance, notes }])];
    case 'update':
      return [updatePart(bank.table, [{ row: after, expectedVersion }])];
    case 'delete':
      return [deletePart(bank.table, [{ row, expectedVersion }])];
    case 'look':
      return [unchangedGuard(bank.table, [{ key: row.id, expectedVersion }])];
  }
}

const forMany = ({ name, sql, params, rows }: StatementPart): StatementPart => ({ name, sql, params, rows });

/** What came of it: why it was refused, and the rows without their ids. */
async function outcomeOf(plan: Plan, as: (part: StatementPart) => StatementPart): Promise<unknown> {
  const id = randomUUID();
  const openedAt = new Date(Date.UTC(2030, 0, 1));
  const row: Account = { id, owner: id, balance: 100, notes: null, openedAt, version: 1 };
  if (plan.there) await write(executor, [forMany(insertPart(bank.table, [row]))]);
  const beside: Account = { ...row, id: randomUUID(), owner: randomUUID() };
  const parts = [...partsOf(plan, row), { ...insertPart(bank.table, [beside]), name: 'beside' }].map(as);
  const failure = await write(executor, parts).then(
    () => undefined,
    (error: Error & { part?: string; constraint?: string }) => [error.name, error.part, error.constraint],
  );
  const { rows: stored } = await bank.database.pool.query(
    'SELECT id = $1 AS first, balance_cents, notes, opened_at, version FROM account WHERE id IN ($1, $2) ORDER BY 1',
    [id, beside.id],
  );
  return { failure, stored };
}

describe('a statement whose parts have one row each', () => {
  it('what is written by parts of one row each, and what is refused, is what the parts for many do', async () => {
    await fc.assert(
      fc.asyncProperty(aPlan, async (plan) => {
        expect(await outcomeOf(plan, (part) => part)).toEqual(await outcomeOf(plan, forMany));
      }),
      { numRuns: 150 },
    );
  });

  it('the SQL for one row is sent only where no part has several', () => {
    const row = (id: string): Account => ({
      id,
      owner: id,
      balance: 1,
      notes: null,
      openedAt: new Date(0),
      version: 1,
    });
    const one = insertPart(bank.table, [row('a')]);
    const two = { ...insertPart(bank.table, [row('b'), row('c')]), name: 'two' };
    const guard: StatementPart = {
      name: 'none',
      sql: 'SELECT 1 FROM account WHERE id = ANY($1)',
      params: [[]],
      rows: 0,
    };
    expect(compose([one, guard]).text).toContain('VALUES ($1::text');
    expect(compose([one, guard]).values[0]).toBe('a');
    expect(compose([one, two]).text).not.toContain('VALUES');
  });

  it('SQL whose rows are given in another way is not taken for one row', () => {
    expect(() => oneRowSql('DELETE FROM account WHERE id = ANY($1::uuid[])')).toThrow('unnest');
  });
});
