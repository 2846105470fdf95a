import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  claim,
  executorOf,
  Kept,
  offlineTables,
  OptimisticLockError,
  Remembered,
  Tables,
  timestamp,
  Version,
  VersionedRepository,
  VersionNotReadError,
  type KeptChange,
} from './index.js';

/**
 * Goal: a version that is a time rises with each write, whoever writes and whatever the clock says, and each version has one winner.
 * Method: eight writers on one row. A function of the spec stands in front of PostgreSQL's clock, for connections whose clock is late.
 */
@Entity('shelf')
class Shelf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') books!: number;
  @Version({ by: timestamp() }) version!: number;
}

const WRITERS = 8;
const WINS_OF_EACH = 15;
const LATE = '-1 second';

let database: TestDatabase;
const sources: DataSource[] = [];
/** Connections whose clock is right, and connections whose clock is a second late. */
let punctual: DataSource;
let late: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `CREATE TABLE shelf (id text PRIMARY KEY, books integer NOT NULL, version timestamptz NOT NULL);
     CREATE SCHEMA late;
     CREATE FUNCTION late.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS $$ SELECT pg_catalog.clock_timestamp() + interval '${LATE}' $$`,
  );
  const connect = async (options: string): Promise<DataSource> => {
    const extra = { options };
    const source = new DataSource({ type: 'postgres', url: database.url, entities: [Shelf], poolSize: WRITERS, extra });
    sources.push(await source.initialize());
    return source;
  };
  punctual = await connect('');
  // PostgreSQL looks in pg_catalog first, unless it is told otherwise.
  late = await connect('-c search_path=late,public,pg_catalog');
});
afterAll(async () => {
  for (const source of sources) await source.destroy();
  await database.drop();
});

const within = <T>(work: (shelves: VersionedRepository<Shelf>) => Promise<T>, source = punctual): Promise<T> =>
  source.transaction((manager) => work(new VersionedRepository(Shelf, manager)));
let shelves = 0;
async function aShelf(): Promise<Shelf> {
  const [shelf] = await within((repository) => repository.insert([{ id: `shelf ${++shelves}`, books: 0 }]));
  if (!shelf) throw new Error('nothing was inserted');
  return shelf;
}
const write = async (read: Shelf, source = punctual): Promise<Shelf> => {
  const [written] = await within((repository) => repository.update([{ ...read, books: read.books + 1 }]), source);
  if (!written) throw new Error('nothing was written');
  return written;
};
const find = async (id: string): Promise<Shelf> => {
  const [shelf] = await within((repository) => repository.find([id]));
  if (!shelf) throw new Error(`there is no ${id}`);
  return shelf;
};
/** In microseconds since 1970, as PostgreSQL says itself. */
const storedVersion = async (id: string): Promise<string | undefined> => {
  const { rows } = await database.pool.query<{ micros: string }>(
    'SELECT (extract(epoch FROM version) * 1000000)::bigint::text AS micros FROM shelf WHERE id = $1',
    [id],
  );
  return rows[0]?.micros;
};

/** Writes the row until it has won so often. @returns the versions before and after each of its writes */
async function race(id: string, source: DataSource): Promise<[number, number][]> {
  const won: [number, number][] = [];
  while (won.length < WINS_OF_EACH) {
    const read = await find(id);
    try {
      won.push([read.version, (await write(read, source)).version]);
    } catch (error) {
      if (!(error instanceof OptimisticLockError)) throw error;
    }
  }
  return won;
}

describe('a version that is a timestamp', () => {
  it.each([
    ['of one clock', () => [punctual]],
    ['of two clocks, a second apart', () => [punctual, late]],
  ])('a timestamp rises with each write of eight writers %s, and each version has one winner', async (_, clocks) => {
    const shelf = await aShelf();
    const which = clocks();
    const writers = Array.from({ length: WRITERS }, (__, n) => race(shelf.id, which[n % which.length] ?? punctual));
    const won = (await Promise.all(writers)).flat().sort(([a], [b]) => a - b);
    expect(won).toHaveLength(WRITERS * WINS_OF_EACH);
    // One chain: each write began where another had ended, and nobody else began there.
    let last = shelf.version;
    for (const [before, after] of won) {
      expect(before).toBe(last);
      expect(after).toBeGreaterThan(before);
      last = after;
    }
    expect(await find(shelf.id)).toEqual({ id: shelf.id, books: WRITERS * WINS_OF_EACH, version: last });
  });

  it('a timestamp rises though the clock was set back, by a microsecond', async () => {
    const shelf = await aShelf();
    const written = await write(shelf, late);
    expect(written.version - shelf.version).toBe(1);
    await database.pool.query("UPDATE shelf SET version = now() + interval '1 hour' WHERE id = $1", [shelf.id]);
    const ahead = await find(shelf.id);
    expect((await write(ahead)).version - ahead.version).toBe(1);
  });

  it('a timestamp is later than that of a transaction which began later', async () => {
    const shelf = await aShelf();
    await punctual.transaction(async (manager) => {
      await manager.query('SELECT now()');
      const between = await write(shelf);
      const [mine] = await new VersionedRepository(Shelf, manager).update([between]);
      expect(mine?.version).toBeGreaterThan(between.version);
      // Not the time of the transaction, a microsecond later.
      const [{ began } = { began: '' }] = await manager.query<{ began: string }[]>(
        'SELECT (extract(epoch FROM now()) * 1000000)::bigint::text AS began',
      );
      expect(between.version).toBeGreaterThan(Number(began));
    });
  });

  it('a timestamp is exact here, with its microseconds, inserted, written and read', async () => {
    const shelf = await aShelf();
    expect(await storedVersion(shelf.id)).toBe(String(shelf.version));
    const written = await write(shelf);
    expect(await storedVersion(shelf.id)).toBe(String(written.version));
    expect(await find(shelf.id)).toEqual(written);
    await database.pool.query("UPDATE shelf SET version = '2254-12-31 23:59:59.999999Z' WHERE id = $1", [shelf.id]);
    const last = await find(shelf.id);
    expect(last.version).toBe(Date.UTC(2254, 11, 31, 23, 59, 59, 999) * 1000 + 999);
    expect((await write(last)).version).toBe(last.version + 1);
  });

  it('a timestamp that was cut to milliseconds, as a Date is, does not match', async () => {
    const shelf = await aShelf();
    await database.pool.query("UPDATE shelf SET version = '2030-01-01 00:00:00.123456Z' WHERE id = $1", [shelf.id]);
    const read = await find(shelf.id);
    const cut = { ...read, version: new Date(read.version / 1000).getTime() * 1000 };
    await expect(write(cut)).rejects.toMatchObject({ expectedVersion: cut.version, actualVersion: read.version });
  });

  it('a timestamp is left out by TypeORM, and such a row is not written', async () => {
    const { id } = await aShelf();
    const read = await punctual.getRepository(Shelf).findOneByOrFail({ id });
    expect(read).toEqual({ id, books: 0 });
    await expect(write(read)).rejects.toThrow(VersionNotReadError);
    await expect(write(read)).rejects.toThrow(`Shelf ${id} carries no version`);
  });

  it('a timestamp of a stale row is refused for update and delete, set-wise, with both versions', async () => {
    const [mine, other] = [await aShelf(), await aShelf()];
    const newer = await write(mine);
    const expected = { key: mine.id, expectedVersion: mine.version, actualVersion: newer.version };
    await expect(within((repository) => repository.update([other, mine]))).rejects.toMatchObject(expected);
    await expect(within((repository) => repository.delete([mine]))).rejects.toMatchObject(expected);
    await within((repository) => repository.delete([newer, other]));
    expect(await within((repository) => repository.find([mine.id, other.id]))).toEqual([]);
  });

  it('a timestamp rises with a claim', async () => {
    const shelf = await aShelf();
    const where = { where: 'id = $1', params: [shelf.id], orderBy: 'id', set: 'books = 7', max: 1 };
    const [claimed] = await claim(executorOf(punctual), new Tables(punctual).of(Shelf), where);
    expect(claimed).toMatchObject({ books: 7 });
    expect(claimed?.version).toBeGreaterThan(shelf.version);
    await expect(write(shelf)).rejects.toThrow(OptimisticLockError);
  });

  it('a timestamp is refused for @Remembered(), when the class is declared', () => {
    class Memorable {
      @Version({ by: timestamp() }) version!: number;
    }
    expect(() => Remembered()(Memorable)).toThrow('Memorable cannot be @Remembered(): PostgreSQL makes its versions');
  });

  it('a timestamp is refused for @Kept(), whose log has one change for each version', async () => {
    @Entity('logged')
    class Logged {
      @PrimaryColumn('text') id!: string;
      @Kept({ versions: 5 }) changes?: readonly KeptChange[] | null;
      @Version({ by: timestamp() }) version!: number;
    }
    const tables = await offlineTables([Logged]);
    expect(() => tables.of(Logged)).toThrow('Logged is @Kept(), so its versions must be counted');
  });
});
