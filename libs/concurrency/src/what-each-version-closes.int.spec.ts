import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  ASSERT_ROWS_SQL,
  COUNT_VERSION_SQL,
  countVersionsSql,
  custom,
  hash,
  OptimisticLockError,
  Removed,
  timestamp,
  Version,
  VersionedRepository,
  type EntityClass,
} from './index.js';

/**
 * Goal: what each way to make a version notices, and what it does not: the table of `docs/concurrency/versions.md`, cell by cell.
 * Method: for each of them, a row is read, something happens to it, and whoever has read it writes.
 */
interface Tin {
  readonly id: string;
  readonly tea: string;
  readonly version: number;
  readonly removedAt?: Date | null;
}

@Entity('tin_by_number')
class TinByNumber implements Tin {
  @PrimaryColumn('text') id!: string;
  @Column('text') tea!: string;
  @Version() version!: number;
}
@Entity('tin_counted_on')
class TinCountedOn implements Tin {
  @PrimaryColumn('text') id!: string;
  @Column('text') tea!: string;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version() version!: number;
}
@Entity('tin_by_time')
class TinByTime implements Tin {
  @PrimaryColumn('text') id!: string;
  @Column('text') tea!: string;
  @Version({ by: timestamp() }) version!: number;
}
@Entity('tin_by_hash')
class TinByHash implements Tin {
  @PrimaryColumn('text') id!: string;
  @Column('text') tea!: string;
  @Version({ by: hash('tea') }) version!: number;
}
let position = 0;
@Entity('tin_by_position')
class TinByPosition implements Tin {
  @PrimaryColumn('text') id!: string;
  @Column('text') tea!: string;
  @Version({ by: custom({ next: () => ++position }) }) version!: number;
}

const TINS: readonly (new () => Tin)[] = [TinByNumber, TinCountedOn, TinByTime, TinByHash, TinByPosition];

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${ASSERT_ROWS_SQL}; ${COUNT_VERSION_SQL};
     CREATE TABLE tin_by_number (id text PRIMARY KEY, tea text NOT NULL, version bigint NOT NULL);
     CREATE TABLE tin_counted_on (id text PRIMARY KEY, tea text NOT NULL, removed_at timestamptz, version bigint NOT NULL);
     CREATE TABLE tin_by_time (id text PRIMARY KEY, tea text NOT NULL, version timestamptz NOT NULL);
     CREATE TABLE tin_by_hash (id text PRIMARY KEY, tea text NOT NULL);
     CREATE TABLE tin_by_position (id text PRIMARY KEY, tea text NOT NULL, version bigint NOT NULL);
     ${countVersionsSql({ table: 'tin_counted_on', key: 'id' })}`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [...TINS] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() =>
  database.pool.query('TRUNCATE tin_by_number, tin_counted_on, tin_by_time, tin_by_hash, tin_by_position'),
);

class Shelf<T extends Tin> {
  readonly table: string;
  constructor(private readonly entity: new () => T) {
    this.table = dataSource.getMetadata(entity).tableName;
  }

  private within<R>(work: (tins: VersionedRepository<T>) => Promise<R>): Promise<R> {
    const entity = this.entity as EntityClass<T>;
    return dataSource.transaction((manager) => work(new VersionedRepository(entity, manager)));
  }

  async put(tea: string): Promise<T> {
    const [tin] = await this.within((all) => all.insert([{ id: 'green', tea } as unknown as T]));
    return tin as T;
  }

  async find(): Promise<T> {
    const [tin] = await this.within((all) => all.find(['green']));
    return tin as T;
  }

  async write(read: T, changes: Partial<Tin>): Promise<T> {
    const [tin] = await this.within((all) => all.update([{ ...read, ...changes }]));
    return tin as T;
  }

  /** Takes the row away and brings another one with the same key; then both writes that the first row had. */
  async replace(read: T, tea: string): Promise<void> {
    if (this.entity === (TinCountedOn as unknown)) {
      await this.write(read, { removedAt: new Date() });
      await this.write(await this.find(), { tea, removedAt: null });
    } else {
      await this.within((all) => all.delete([read]));
      await this.put(tea);
    }
    await this.write(await this.find(), { tea });
  }

  elsewhere(tea: string): Promise<unknown> {
    return database.pool.query(`UPDATE ${this.table} SET tea = $1`, [tea]);
  }

  async outcome(stale: T): Promise<'noticed' | 'overwritten'> {
    try {
      await this.write(stale, { tea: 'what the stale writer has' });
      return 'overwritten';
    } catch (error) {
      if (error instanceof OptimisticLockError) return 'noticed';
      throw error;
    }
  }
}

type Happens = (shelf: Shelf<Tin>, read: Tin) => Promise<unknown>;
const HAPPENS: Readonly<Record<string, Happens>> = {
  'another writer of ours': (shelf, read) => shelf.write(read, { tea: 'Assam' }),
  'ours, A to B and back to A': async (shelf, read) =>
    shelf.write(await shelf.write(read, { tea: 'Assam' }), { tea: 'Sencha' }),
  'deleted, inserted with other content, and written': (shelf, read) => shelf.replace(read, 'Assam'),
  'deleted, inserted with the same content, and written': (shelf, read) => shelf.replace(read, 'Sencha'),
  'another program': (shelf) => shelf.elsewhere('Assam'),
  'another program, A to B and back to A': async (shelf) => {
    await shelf.elsewhere('Assam');
    await shelf.elsewhere('Sencha');
  },
};

const NOTICED = 'noticed';
const OVERWRITTEN = 'overwritten';
/** By the order of `TINS`: number, number with `@Removed()` and the trigger, timestamp, hash, custom. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  'another writer of ours': [NOTICED, NOTICED, NOTICED, NOTICED, NOTICED],
  'ours, A to B and back to A': [NOTICED, NOTICED, NOTICED, OVERWRITTEN, NOTICED],
  'deleted, inserted with other content, and written': [OVERWRITTEN, NOTICED, NOTICED, NOTICED, NOTICED],
  'deleted, inserted with the same content, and written': [OVERWRITTEN, NOTICED, NOTICED, OVERWRITTEN, NOTICED],
  'another program': [OVERWRITTEN, NOTICED, OVERWRITTEN, NOTICED, OVERWRITTEN],
  'another program, A to B and back to A': [OVERWRITTEN, NOTICED, OVERWRITTEN, OVERWRITTEN, OVERWRITTEN],
};

describe('what a stale writer meets', () => {
  const cells = Object.entries(CELLS).flatMap(([what, outcomes]) =>
    TINS.map((tin, n) => ({ tin, name: tin.name, what, expected: outcomes[n] })),
  );
  it.each(cells)('$name, $what: $expected', async ({ tin, what, expected }) => {
    const shelf = new Shelf(tin);
    // Read at its second version: the row that comes in its place is at its second one too, when it is written over.
    const read = await shelf.write(await shelf.put('Darjeeling'), { tea: 'Sencha' });
    await HAPPENS[what]?.(shelf, read);
    expect(await shelf.outcome(read)).toBe(expected);
  });
});
