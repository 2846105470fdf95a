import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kept, offlineTables, Version, type KeptChange, type Tables } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  byField,
  merge,
  mergePatch,
  one,
  patched,
  StaleBasisError,
  update,
  type EditHandler,
  type EditRequest,
  type Loaded,
} from '../index.js';
import { InMemoryRows } from '../testing/index.js';

/**
 * Goal: two edits from one basis are both kept where they change different fields, and the second is told where they do not. No edit reverts
 * another unseen.
 * Method: A and B have both read version 1. A's edit is stored first; B's comes with the basis 1.
 */
@Entity('baker')
class Baker {
  @PrimaryColumn('text') id!: string;
  @Column('text', { nullable: true }) name?: string | null;
  @Column('text', { nullable: true }) phone?: string | null;
  @Column('text', { nullable: true }) street?: string | null;
  @Column('text', { nullable: true }) city?: string | null;
  @Column('text', { nullable: true }) pin?: string | null;
  @Column('jsonb') likes!: Readonly<Record<string, unknown>>;
  @Kept({ versions: 4, secret: ['pin'] }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

@Entity('note')
class Note {
  @PrimaryColumn('text') id!: string;
  @Column('text') text!: string;
  @Version() version!: number;
}

type Edit = Partial<Omit<Baker, 'id' | 'version' | 'changes'>>;
interface PatchBaker extends EditRequest<Edit> {
  readonly id: string;
}
const needs = ({ id }: PatchBaker) => ({ baker: one(Baker, id) });

class PatchBakerHandler implements EditHandler<PatchBaker, undefined, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'baker';
  readonly onStale = merge(byField({ together: [['street', 'city'], ['likes']] }));

  decide({ edit }: PatchBaker, { baker }: Loaded<PatchBakerHandler>) {
    if (!baker) throw new Error('there is no such baker');
    return { answer: undefined, changes: [update(Baker, baker, patched(baker, edit))] };
  }
}

const BASIS = { name: 'Ann', phone: '1', street: 'Mill Lane', city: 'York', pin: '0', likes: { bread: 'rye', jam: 1 } };
let tables: Tables;
let rows: InMemoryRows;
beforeAll(async () => {
  tables = await offlineTables([Baker]);
});
beforeEach(() => {
  rows = new InMemoryRows(tables);
  rows.put(Baker, { id: 'ann', ...BASIS });
});

const edit = (patch: Edit, basis?: number) => rows.request(new PatchBakerHandler(), { id: 'ann', edit: patch, basis });
const stored = () => rows.find(Baker, 'ann');
const clashing = (act: () => unknown): readonly unknown[] | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof StaleBasisError) return error.stale.clashing;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('two edits of one basis', () => {
  it('edits of different fields are both kept', () => {
    edit({ name: 'Anna' }, 1);
    edit({ phone: '2' }, 1);
    expect(stored()).toMatchObject({ ...BASIS, name: 'Anna', phone: '2', version: 3 });
  });

  it('edits of the same field clash, and the second is told which', () => {
    edit({ phone: '2' }, 1);
    expect(clashing(() => edit({ name: 'Anna', phone: '3' }, 1))).toEqual(['phone']);
    expect(() => edit({ phone: '3' }, 1)).toThrow(
      'ann is at version 2, and version 1 was edited: phone changed since.',
    );
    expect(stored()).toMatchObject({ name: 'Ann', phone: '2', version: 2 });
  });

  it('edits of the same field to the same value do not clash', () => {
    edit({ phone: '2' }, 1);
    edit({ phone: '2', name: 'Anna' }, 1);
    expect(stored()).toMatchObject({ name: 'Anna', phone: '2', version: 3 });
  });

  it('edits of fields that belong together clash', () => {
    edit({ street: 'High Street' }, 1);
    expect(clashing(() => edit({ city: 'Leeds' }, 1))).toEqual(['city']);
  });

  it('edits of fields that belong together do not clash when both have set all of them to the same values', () => {
    edit({ street: 'High Street', city: 'Leeds' }, 1);
    expect(clashing(() => edit({ street: 'High Street' }, 1))).toEqual(['street']);
    edit({ street: 'High Street', city: 'Leeds', phone: '2' }, 1);
    expect(stored()).toMatchObject({ street: 'High Street', city: 'Leeds', phone: '2' });
  });

  it('a second edit whose body repeats the fields that it leaves alone reverts nothing', () => {
    edit({ name: 'Anna', city: 'Leeds' }, 1);
    edit({ ...BASIS, phone: '2' }, 1);
    expect(stored()).toMatchObject({ ...BASIS, name: 'Anna', city: 'Leeds', phone: '2' });
  });

  it('a second edit whose body repeats the fields that it leaves alone does not bring back a field that was deleted', () => {
    edit({ phone: null }, 1);
    edit({ ...BASIS, name: 'Anna' }, 1);
    expect(stored()).toMatchObject({ name: 'Anna', phone: null });
  });

  it('a second edit that repeats a field is compared with its value at the basis, whatever it became since', () => {
    edit({ phone: '2' }, 1);
    edit({ phone: '3' }, 2);
    expect(clashing(() => edit({ phone: '2' }, 1))).toEqual(['phone']);
    edit({ phone: '1', name: 'Anna' }, 1);
    expect(stored()).toMatchObject({ phone: '3', name: 'Anna' });
  });

  it('the deletion of a field clashes with its change', () => {
    edit({ phone: '2' }, 1);
    expect(clashing(() => edit({ phone: null }, 1))).toEqual(['phone']);
  });

  it('a repeated secret field clashes with its change, since its value at the basis is not known', () => {
    edit({ pin: '9' }, 1);
    expect(clashing(() => edit({ ...BASIS }, 1))).toEqual(['pin']);
  });
});

describe('members of a JSON column', () => {
  const patch = (likes: Readonly<Record<string, unknown>>, basis: number): void => void edit({ likes }, basis);

  it('members of a JSON column that are not declared together are merged one by one', () => {
    const alone = Object.assign(new PatchBakerHandler(), { onStale: merge(byField()) });
    patch({ bread: 'spelt' }, 1);
    rows.request(alone, { id: 'ann', edit: { likes: { jam: null, tea: { black: true } } }, basis: 1 });
    expect(stored()?.likes).toEqual({ bread: 'spelt', tea: { black: true } });
    patch({ tea: { black: null } }, 3);
    expect(
      clashing(() => rows.request(alone, { id: 'ann', edit: { likes: { tea: { black: 2 } } }, basis: 3 })),
    ).toEqual(['likes/tea/black']);
  });

  it('members of a JSON column that is declared together count as one', () => {
    patch({ bread: 'spelt' }, 1);
    expect(clashing(() => patch({ jam: 2 }, 1))).toEqual(['likes/jam']);
  });
});

describe('an edit whose basis the log does not know', () => {
  it('an edit is refused when its basis is older than the log', () => {
    for (let version = 1; version <= 6; version++) edit({ name: `${version}` }, version);
    expect(clashing(() => edit({ phone: '2' }, 2))).toBeUndefined();
    edit({ phone: '2' }, 3);
    expect(stored()).toMatchObject({ name: '6', phone: '2', version: 8 });
  });

  it('an edit is refused when a write has gone around the log', () => {
    edit({ name: 'Anna' }, 1);
    rows.put(Baker, { ...(stored() as Baker), name: 'by hand', version: 3 });
    expect(clashing(() => edit({ phone: '2' }, 1))).toBeUndefined();
    expect(clashing(() => edit({ phone: '2' }, 2))).toBeUndefined();
    edit({ phone: '2' }, 3);
    expect(stored()).toMatchObject({ name: 'by hand', phone: '2' });
  });

  it('an edit without a basis is merged into the current row', () => {
    edit({ name: 'Anna' }, 1);
    edit({ name: 'Anne' });
    expect(stored()).toMatchObject({ name: 'Anne', version: 3 });
  });
});

it('a merge for an entity without a change log is refused as a bug, before any edit is stale', async () => {
  const unlogged = await InMemoryRows.of([Note]);
  unlogged.put(Note, { id: 'ann', text: 'a' });
  const handler = Object.assign(new PatchBakerHandler(), { needs: () => ({ baker: one(Note, 'ann') }) });
  const edit = (): unknown => unlogged.request(handler as never, { id: 'ann', edit: { text: 'b' } } as never);
  expect(edit).toThrow('PatchBakerHandler goes by the change log of Note, which has no @Kept()');
});

/** The examples of RFC 7386, appendix A. */
describe('a JSON Merge Patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j patched with %j is %j', (value, patch, merged) => expect(mergePatch(value, patch)).toEqual(merged));

  it('a patch with __proto__ changes no prototype', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"free":true}}')) as { free?: unknown };
    expect([merged.free, Object.getPrototypeOf(merged)]).toEqual([undefined, Object.prototype]);
  });
});
