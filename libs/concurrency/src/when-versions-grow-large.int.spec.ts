import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  COUNT_VERSION_SQL,
  countVersionsSql,
  narrowVersionSql,
  NumberOutOfRangeError,
  translate,
  Version,
  VERSION_MAX,
  VersionedRepository,
  VersionRangeError,
  widenVersionSql,
} from './index.js';

/**
 * Goal: a row is written as often as its version is exact, and an end of that has a name.
 * Method: rows at large versions, in a table whose version is a bigint and in one of which it is an integer still.
 */
@Entity('jar')
class Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') beans!: number;
  @Version() version!: number;
}

@Entity('old_jar')
class OldJar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') beans!: number;
  @Version() version!: number;
}

const INTEGER_MAX = 2_147_483_647;

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${COUNT_VERSION_SQL};
     CREATE TABLE jar (id text PRIMARY KEY, beans integer NOT NULL, version bigint NOT NULL);
     CREATE TABLE old_jar (id text PRIMARY KEY, beans integer NOT NULL, version integer NOT NULL);
     ${countVersionsSql({ table: 'jar', key: 'id' })} ${countVersionsSql({ table: 'old_jar', key: 'id' })}`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [Jar, OldJar] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

let jars = 0;
async function jarAt(version: number | string, table = 'jar'): Promise<string> {
  const id = `jar ${++jars}`;
  await database.pool.query(`INSERT INTO ${table} VALUES ($1, 1, $2)`, [id, version]);
  return id;
}
const versionOf = async (id: string, table = 'jar'): Promise<string | undefined> =>
  (await database.pool.query<{ version: string }>(`SELECT version::text FROM ${table} WHERE id = $1`, [id])).rows[0]
    ?.version;

/** Reads it with TypeORM, and writes it. */
const addBean = (id: string, entity: typeof Jar | typeof OldJar = Jar): Promise<Jar[]> =>
  dataSource.transaction(async (manager) => {
    const jar = await manager.findOneByOrFail(entity, { id });
    return new VersionedRepository(entity, manager).update([{ ...jar, beans: jar.beans + 1 }]);
  });

describe('a row whose version is a bigint', () => {
  it.each([1, 1_000_000_000, INTEGER_MAX, INTEGER_MAX + 1, VERSION_MAX - 1])(
    'a row is written at version %d',
    async (version) => {
      const id = await jarAt(version);
      expect(await addBean(id)).toMatchObject([{ beans: 2, version: version + 1 }]);
      expect(await versionOf(id)).toBe(String(version + 1));
    },
  );

  it('a row at a large version that somebody wrote since is not overwritten, and both versions are told', async () => {
    const id = await jarAt(INTEGER_MAX + 5);
    const write = dataSource.transaction((manager) =>
      new VersionedRepository(Jar, manager).update([{ id, beans: 9, version: INTEGER_MAX + 1 }]),
    );
    await expect(write).rejects.toMatchObject({
      expectedVersion: INTEGER_MAX + 1,
      actualVersion: INTEGER_MAX + 5,
    });
  });

  it('a row at a large version has its changes by hand counted', async () => {
    const id = await jarAt(INTEGER_MAX);
    await database.pool.query('UPDATE jar SET beans = 7 WHERE id = $1', [id]);
    expect(await versionOf(id)).toBe(String(INTEGER_MAX + 1));
  });

  it.each([VERSION_MAX, '9007199254740992'])(
    'a row is not written, and an error says why, at version %s',
    async (version) => {
      const id = await jarAt(version);
      await expect(addBean(id)).rejects.toThrow(VersionRangeError);
      expect(await versionOf(id)).toBe(String(version));
    },
  );
});

describe('a row whose version is an integer', () => {
  it('a row with an integer version is written up to the last integer; then an error tells that a number is too large', async () => {
    const id = await jarAt(INTEGER_MAX - 1, 'old_jar');
    expect(await addBean(id, OldJar)).toMatchObject([{ version: INTEGER_MAX }]);
    const tooLarge = await addBean(id, OldJar).catch(translate);
    expect(tooLarge).toBeInstanceOf(NumberOutOfRangeError);
  });

  it('a row with an integer version is written on after its table was widened', async () => {
    const id = await jarAt(INTEGER_MAX, 'old_jar');
    await database.pool.query(widenVersionSql({ table: 'old_jar', key: 'id' }));
    expect(await addBean(id, OldJar)).toMatchObject([{ version: INTEGER_MAX + 1 }]);
    await database.pool.query('UPDATE old_jar SET beans = 7 WHERE id = $1', [id]);
    expect(await versionOf(id, 'old_jar')).toBe(String(INTEGER_MAX + 2));
    await database.pool.query('DELETE FROM old_jar');
    await database.pool.query(narrowVersionSql({ table: 'old_jar', key: 'id' }));
    expect(await versionOf(await jarAt(1, 'old_jar'), 'old_jar')).toBe('1');
  });
});
