import { beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  changesSince,
  digestOf,
  Kept,
  KEPT_CHARACTERS_MAX,
  offlineTables,
  Version,
  type ChangeMade,
  type KeptChange,
  type VersionedTable,
} from './index.js';

/** Goal: the change log of a row names what changed since each of its last versions, holds no value, and stays within its bounds. */
@Entity('baker')
class Baker {
  @PrimaryColumn('text') id!: string;
  @Column('text', { nullable: true }) name?: string | null;
  @Column('text', { nullable: true }) pin?: string | null;
  @Column('timestamptz', { name: 'hired_at', nullable: true }) hiredAt?: Date | null;
  @Column('jsonb', { nullable: true }) address?: object | null;
  @Kept({ versions: 3, secret: ['pin'] }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Version() version!: number;
}

let table: VersionedTable<Baker>;
beforeAll(async () => {
  table = (await offlineTables([Baker])).of(Baker);
});

const NOON: ChangeMade = { now: Date.UTC(2030, 0, 1, 12) };
const ann: Baker = { id: 'ann', name: 'Ann', address: { street: 'Mill Lane', city: 'York' }, changes: [], version: 1 };
const change = (before: Baker, changed: Partial<Baker>, made = NOON): Baker =>
  table.changed(before, { ...before, ...changed }, before.version + 1, made);
const fields = ({ changes }: Baker): string[][] => (changes ?? []).map(({ was }) => Object.keys(was));

describe('the change log of a row', () => {
  it('the change log of a new row is empty', () => {
    expect(table.changed(undefined, ann, 1, NOON)).toEqual({ ...ann, changes: [], version: 1 });
  });

  it('the change log names the version, the time, who asked, and each field with a digest of its value before', () => {
    const { changes } = change(ann, { name: 'Anna' }, { ...NOON, by: 'desk 4' });
    const was = { name: digestOf('Ann') };
    expect(changes).toEqual([{ version: 2, at: '2030-01-01T12:00:00.000Z', by: 'desk 4', was }]);
    expect(JSON.stringify(changes)).not.toContain('Ann"');
  });

  it('the change log names the members of a JSON column that changed, one by one', () => {
    expect(fields(change(ann, { address: { city: 'Leeds', street: 'Mill Lane' } }))).toEqual([['address/city']]);
    expect(fields(change(ann, { address: { street: 'Mill Lane', city: 'York', 'a/b~': 1 } }))).toEqual([
      ['address/a~1b~0'],
    ]);
    expect(fields(change(ann, { address: null }))).toEqual([['address']]);
  });

  it('the change log names a JSON column as a whole, when more than 64 of its members changed', () => {
    const wide = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`line${index}`, index]));
    expect(fields(change({ ...ann, address: {} }, { address: wide }))).toEqual([['address']]);
  });

  it('the change log names no field that is the same as JSON: in another order, null for absent, another object of the same time', () => {
    const hired = { ...ann, hiredAt: new Date(5) };
    const same = { address: { city: 'York', street: 'Mill Lane' }, pin: null, hiredAt: new Date(5) };
    expect(fields(change(hired, same))).toEqual([[]]);
  });

  it('the change log names a secret field, without a digest', () => {
    expect(change(ann, { pin: '1234' }).changes).toMatchObject([{ was: { pin: null } }]);
  });

  it('the change log keeps the last versions, as many as declared', () => {
    let row = ann;
    for (const name of ['A', 'B', 'C', 'D']) row = change(row, { name });
    expect(row.changes?.map(({ version }) => version)).toEqual([3, 4, 5]);
  });

  it('the change log drops older changes when it is too large, and never the newest', () => {
    const ops = [{ note: 'x'.repeat(KEPT_CHARACTERS_MAX / 2) }];
    const twice = change(change(ann, { name: 'A' }, { ...NOON, ops }), { name: 'B' }, { ...NOON, ops });
    expect(twice.changes).toMatchObject([{ version: 3, ops }]);
  });

  it('rows of an entity without @Kept have no log', async () => {
    const loaves = (await offlineTables([Loaf])).of(Loaf);
    expect(loaves.changed({ id: 'rye', version: 1 }, { id: 'rye', version: 1 }, 2, NOON)).toEqual({
      id: 'rye',
      version: 2,
    });
  });

  it.each([0, 1.5, 1_001])('a log of %d versions is refused at start', (versions) => {
    expect(() => Kept({ versions })(Loaf.prototype, 'changes')).toThrow(
      'versions must be a whole number from 1 to 1000',
    );
  });
});

describe('the changes since a version', () => {
  const log = [3, 4, 5].map((version) => ({ version, at: '', was: {} }));

  it('the changes since a version are those after it', () => {
    expect(changesSince(log, 3, 5)?.map(({ version }) => version)).toEqual([4, 5]);
    expect(changesSince(log, 5, 5)).toEqual([]);
    expect(changesSince(null, 1, 1)).toEqual([]);
  });

  it.each([
    ['the version is older than the log', log, 1, 5],
    ['the version is newer than the row', log, 6, 5],
    ['a write in between is not in the log', [log[0], log[2]], 2, 5],
    ['the last write is not in the log', log, 3, 6],
    ['there is no log', undefined, 4, 5],
  ])('the changes since a version are not known where %s', (_, kept, basis, version) => {
    expect(changesSince(kept as KeptChange[] | undefined, basis, version)).toBeUndefined();
  });
});
