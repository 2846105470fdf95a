import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kept, offlineTables, Version, type KeptChange, type Tables } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  BasisRequiredError,
  byField,
  byPart,
  merge,
  mergePatch,
  one,
  rebase,
  StaleBasisError,
  update,
  type EditHandler,
  type EditRequest,
  type Loaded,
  type StalePolicy,
} from '../index.js';
import { InMemoryRows } from '../testing/index.js';

/**
 * Goal: an edit of several parts goes on when each of them can, by its own policy; operations that are applied later are in the log from
 * then on, and those that come to nothing never are.
 * Method: a tray of loaves that goes to an address. An edit is only stored; another decision applies it, or drops it.
 */
type Put = { readonly op: 'put'; readonly loaf: string; readonly count: number };
interface TrayEdit {
  readonly loaves?: readonly Put[] | undefined;
  readonly address?: object | undefined;
}

@Entity('tray')
class Tray {
  @PrimaryColumn('text') id!: string;
  @Column('jsonb') loaves!: Readonly<Record<string, number>>;
  @Column('jsonb') address!: object;
  @Column('jsonb', { nullable: true }) asked?: TrayEdit | null;
  @Kept({ versions: 20, begins: 'with the first edit' }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

interface AskForTray extends EditRequest<TrayEdit> {
  readonly id: string;
}
const needs = ({ id }: AskForTray) => ({ tray: one(Tray, id) });

const PARTS = byPart<TrayEdit>({
  loaves: rebase<Put>({
    against: (op, other) => (op.loaf === other.loaf ? 'clash' : op),
    independentOf: ['asked', 'address'],
    applied: 'later',
  }),
  address: merge(byField({ together: [['address/street', 'address/city']] }), { of: 'address' }),
});

class AskForTrayHandler implements EditHandler<AskForTray, TrayEdit, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'tray';
  constructor(readonly onStale: StalePolicy<TrayEdit> = PARTS) {}
  decide({ edit }: AskForTray, { tray }: Loaded<AskForTrayHandler>) {
    if (!tray) throw new Error('there is no such tray');
    return { answer: edit, changes: [update(Tray, tray, { asked: edit })] };
  }
}

/** Ends what is asked. */
const end = {
  needs: (_: 'apply' | 'drop') => ({ tray: one(Tray, 't') }),
  decide: (what: 'apply' | 'drop', { tray }: { tray: Tray | undefined }) => {
    if (!tray) throw new Error('there is no tray');
    const { loaves: ops = [], address } = tray.asked ?? {};
    const loaves = { ...tray.loaves, ...Object.fromEntries(ops.map(({ loaf, count }) => [loaf, count])) };
    const applied = { loaves, address: mergePatch(tray.address, address ?? {}) as object };
    const changed = what === 'apply' ? applied : {};
    const made = what === 'apply' && ops.length > 0 ? { by: 'the oven', ops } : {};
    return { answer: undefined, changes: [update(Tray, tray, { asked: null, ...changed }, made)] };
  },
};

let tables: Tables;
let rows: InMemoryRows;
beforeAll(async () => {
  tables = await offlineTables([Tray]);
});
beforeEach(() => {
  rows = new InMemoryRows(tables);
  rows.put(Tray, {
    id: 't',
    loaves: { rye: 1 },
    address: { street: 'Mill Lane', city: 'York', door: 'left' },
    version: 3,
  });
});

const ask = (edit: TrayEdit, basis: number | undefined = 3, policy?: StalePolicy<TrayEdit>): TrayEdit =>
  rows.request(new AskForTrayHandler(policy), { id: 't', edit, basis }).answer;
const put = (loaf: string, count: number): Put => ({ op: 'put', loaf, count });
const tray = () => rows.find(Tray, 't');
const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('an edit of several parts', () => {
  it('each part goes on by its own policy, and a part that is not there is not asked', () => {
    ask({ loaves: [put('rye', 2)], address: { street: 'High Street' } });
    rows.request(end, 'apply');
    expect(ask({ loaves: [put('oat', 1)], address: { door: 'right' } })).toEqual({
      loaves: [put('oat', 1)],
      address: { door: 'right' },
    });
    expect(ask({ address: { door: 'right' } })).toEqual({ address: { door: 'right' } });
  });

  it('one part that clashes refuses the edit, and what clashes in all of them is named', () => {
    ask({ loaves: [put('rye', 2)], address: { street: 'High Street' } });
    rows.request(end, 'apply');
    const clashing = (edit: TrayEdit) => (caught(() => ask(edit)) as StaleBasisError).stale.clashing;
    expect(clashing({ loaves: [put('rye', 5)], address: { door: 'right' } })).toEqual([put('rye', 5)]);
    expect(clashing({ loaves: [put('rye', 5)], address: { city: 'Leeds' } })).toEqual([put('rye', 5), 'address/city']);
    expect(tray()?.asked).toBeNull();
  });

  it('a part that wants a basis asks for it', () => {
    const demanding = byPart<TrayEdit>({ loaves: () => ({ verdict: 'basis required' }), address: merge(byField()) });
    expect(caught(() => ask({ loaves: [] }, undefined, demanding))).toBeInstanceOf(BasisRequiredError);
  });
});

describe('operations that are applied later', () => {
  it('operations that are asked for are not in the log; those that are applied are, with who applied them', () => {
    ask({ loaves: [put('rye', 2)] });
    rows.request(end, 'apply');
    expect(tray()?.changes).toMatchObject([{ version: 4 }, { version: 5, by: 'the oven', ops: [put('rye', 2)] }]);
    expect(tray()?.changes?.[0]).not.toHaveProperty('ops');
  });

  it('operations that come to nothing clash with no later one', () => {
    ask({ loaves: [put('rye', 2)] });
    rows.request(end, 'drop');
    expect(ask({ loaves: [put('rye', 5)] })).toEqual({ loaves: [put('rye', 5)] });
  });
});

describe('a log that begins with the first edit', () => {
  it('the log of a row that nobody edits stays empty, whatever else changes', () => {
    rows.request(end, 'drop');
    expect(tray()).toMatchObject({ version: 4, changes: null });
  });

  it('an edit of the version before the first edit is brought past it; one of an older version is refused', () => {
    rows.request(end, 'drop');
    ask({ loaves: [put('rye', 2)] }, 4);
    rows.request(end, 'apply');
    expect(ask({ loaves: [put('oat', 1)] }, 4)).toEqual({ loaves: [put('oat', 1)] });
    expect(caught(() => ask({ loaves: [put('oat', 1)] }, 3))).toBeInstanceOf(StaleBasisError);
  });
});
