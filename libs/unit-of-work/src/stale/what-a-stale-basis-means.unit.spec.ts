import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kept, offlineTables, Version, type KeptChange, type Tables } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  askUser,
  byField,
  insert,
  lastWriterWins,
  merge,
  one,
  reject,
  StaleBasisError,
  update,
  whenThere,
  type EditHandler,
  type EditRequest,
  type Loaded,
  type StalePolicy,
} from '../index.js';
import { InMemoryRows } from '../testing/index.js';

/** Goal: one line on a handler says what happens to an edit of an old version: it is refused, shown to its user, or goes on. No database. */
@Entity('recipe')
class Recipe {
  @PrimaryColumn('text') name!: string;
  @Column('text') text!: string;
  @Kept({ versions: 3 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

interface PutRecipe extends EditRequest<{ readonly text: string }> {
  readonly name: string;
}
const needs = ({ name }: PutRecipe) => ({ recipe: one(Recipe, name) });

class PutRecipeHandler implements EditHandler<PutRecipe, { overwrote: number | undefined }, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'recipe';
  constructor(readonly onStale: StalePolicy) {}

  current({ recipe }: Loaded<PutRecipeHandler>) {
    return { text: recipe?.text };
  }
  decide({ name, edit, overwrites }: PutRecipe, { recipe }: Loaded<PutRecipeHandler>) {
    const change = recipe ? update(Recipe, recipe, edit) : insert(Recipe, { name, ...edit });
    return { answer: { overwrote: overwrites }, changes: [change] };
  }
}

let tables: Tables;
let rows: InMemoryRows;
beforeAll(async () => {
  tables = await offlineTables([Recipe]);
});
beforeEach(() => {
  rows = new InMemoryRows(tables, () => Date.UTC(2030, 0, 1, 12));
});

const put = (onStale: StalePolicy, text: string, basis?: number, by?: string) =>
  rows.request(new PutRecipeHandler(onStale), { name: 'rye', edit: { text }, basis, by }).answer;
const stored = () => rows.find(Recipe, 'rye');
/** A row at version 3, of which versions 2 and 3 are in its log. */
const atVersion3 = (): void => {
  put(reject(), 'a');
  put(reject(), 'b', 1);
  put(reject(), 'c', 2, 'desk 4');
};
const refused = (act: () => unknown): StaleBasisError['stale'] => {
  try {
    act();
  } catch (error) {
    if (error instanceof StaleBasisError) return error.stale;
    throw error;
  }
  throw new Error('it was not refused');
};

describe.each([
  ['reject', reject()],
  ['askUser', askUser()],
  ['lastWriterWins', lastWriterWins()],
])('%s', (_, policy) => {
  it('an edit of the current version goes on, and so does a new row', () => {
    put(policy, 'a');
    put(policy, 'b', 1);
    expect(stored()).toMatchObject({ text: 'b', version: 2 });
  });
});

describe.each([
  ['reject', reject()],
  ['askUser', askUser()],
])('%s', (_, policy) => {
  beforeEach(atVersion3);

  it('a stale edit is refused with the current state, the changes since, and what the caller wanted', () => {
    const at = '2030-01-01T12:00:00.000Z';
    expect(refused(() => put(policy, 'd', 1))).toEqual({
      entity: 'Recipe',
      key: 'rye',
      basis: 1,
      version: 3,
      current: { text: 'c' },
      yours: { text: 'd' },
      changedSince: [
        { version: 2, fields: ['text'], at },
        { version: 3, fields: ['text'], at, by: 'desk 4' },
      ],
      clashing: undefined,
    });
    expect(stored()).toMatchObject({ text: 'c', version: 3 });
    put(policy, 'd', 3);
    expect(stored()).toMatchObject({ text: 'd', version: 4 });
  });

  it('an edit of a version that has never been is refused', () => {
    expect(refused(() => put(policy, 'd', 9))).toMatchObject({ version: 3, changedSince: undefined });
    expect(() => put(policy, 'd', 9)).toThrow('rye is at version 3: version 9 has never been.');
  });

  it('an edit of a version before the log is refused, without what has changed since', () => {
    for (const basis of [3, 4, 5]) put(policy, `${basis}`, basis);
    expect(refused(() => put(policy, 'd', 1))).toMatchObject({ version: 6, changedSince: undefined });
  });

  it('an edit of a row that is not there is refused', () => {
    rows = new InMemoryRows(tables);
    expect(refused(() => put(policy, 'd', 1))).toMatchObject({ version: undefined, current: undefined });
    expect(() => put(policy, 'd', 1)).toThrow('There is no rye: a new one takes no If-Match.');
    expect(stored()).toBeUndefined();
  });
});

describe('a policy for a row that is there', () => {
  it('an edit of a row that is not there is decided, with a basis and without', () => {
    rows = new InMemoryRows(tables);
    put(whenThere(askUser()), 'a', 1);
    expect(stored()).toMatchObject({ text: 'a', version: 1 });
    rows = new InMemoryRows(tables);
    put(whenThere(reject()), 'b');
    expect(stored()).toMatchObject({ text: 'b', version: 1 });
  });

  it('an edit of a row that is there is left to the policy', () => {
    atVersion3();
    expect(refused(() => put(whenThere(reject()), 'd', 1))).toMatchObject({ version: 3 });
    expect(() => put(whenThere(askUser()), 'd')).toThrow('rye exists: send its ETag as If-Match.');
    put(whenThere(askUser()), 'd', 3);
    expect(stored()).toMatchObject({ text: 'd', version: 4 });
  });

  it('a policy that goes by the change log still needs it', () => {
    expect([merge(byField()), reject()].map((policy) => whenThere(policy).needsLog)).toEqual([true, false]);
  });
});

describe('an edit without a basis', () => {
  beforeEach(atVersion3);

  it('an edit without a basis goes on where the policy is reject', () => {
    put(reject(), 'd');
    expect(stored()).toMatchObject({ text: 'd', version: 4 });
  });

  it('an edit without a basis is asked for one where the policy is askUser', () => {
    expect(() => put(askUser(), 'd')).toThrow('rye exists: send its ETag as If-Match.');
    expect(stored()).toMatchObject({ text: 'c', version: 3 });
  });
});

describe('the last writer', () => {
  it('the last writer wins, and is told which version it has not seen', () => {
    expect(put(lastWriterWins(), 'a')).toEqual({ overwrote: undefined });
    expect(put(lastWriterWins(), 'b')).toEqual({ overwrote: 1 });
    expect(put(lastWriterWins(), 'c', 2)).toEqual({ overwrote: undefined });
    expect(put(lastWriterWins(), 'd', 1)).toEqual({ overwrote: 3 });
    expect(put(lastWriterWins(), 'e', 99)).toEqual({ overwrote: 4 });
    expect(stored()).toMatchObject({ text: 'e', version: 5 });
  });
});

it('a handler that edits none of its needs is refused as a bug', () => {
  const handler = Object.assign(new PutRecipeHandler(reject()), { edits: 'loaf' });
  expect(() => rows.request(handler, { name: 'rye', edit: { text: 'a' } })).toThrow(
    'PutRecipeHandler edits loaf: none of its needs',
  );
});
