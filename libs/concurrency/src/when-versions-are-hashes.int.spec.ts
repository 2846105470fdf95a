import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import fc from 'fast-check';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  hash,
  offlineTables,
  OptimisticLockError,
  Version,
  VersionedRepository,
  VersionNotReadError,
} from './index.js';

/**
 * Goal: a table that other programs write, and that has no column for a version, is written only where its content is as it was read.
 * Method: an UPDATE of another program between the read and the write; the same content written in many ways, and other content.
 */
@Entity('good')
class Good {
  @PrimaryColumn('text') code!: string;
  @Column('text') name!: string;
  @Column('numeric') weight!: number;
  @Column('jsonb', { nullable: true }) attributes!: unknown;
  @Column('json', { nullable: true }) notes!: unknown;
  @Column('timestamptz', { name: 'listed_at', nullable: true }) listedAt!: Date | null;
  @Column('bytea', { nullable: true }) picture!: Buffer | null;
  /** Counted by another program, and never by us. */
  @Column({ type: 'integer', update: false }) pieces!: number;
  @Version({ by: hash('name', 'weight', 'attributes', 'notes', 'listedAt', 'picture') }) version!: number;
}

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `CREATE TABLE good (code text PRIMARY KEY, name text NOT NULL, weight numeric NOT NULL, attributes jsonb, notes json, listed_at timestamptz,
       picture bytea, pieces integer NOT NULL)`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [Good] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const within = <T>(work: (goods: VersionedRepository<Good>) => Promise<T>): Promise<T> =>
  dataSource.transaction((manager) => work(new VersionedRepository(Good, manager)));
const find = async (code: string): Promise<Good> => {
  const [good] = await within((goods) => goods.find([code]));
  if (!good) throw new Error(`there is no ${code}`);
  return good;
};
let goods = 0;
const NEW = {
  name: 'mug',
  weight: 12.5,
  attributes: { colour: 'blue' },
  notes: null,
  listedAt: null,
  picture: null,
  pieces: 10,
};
async function aGood(): Promise<Good> {
  const [good] = await within((repository) => repository.insert([{ code: `good ${++goods}`, ...NEW }]));
  if (!good) throw new Error('nothing was inserted');
  return good;
}
/** Another program, which knows nothing of versions. */
const elsewhere = (code: string, set: string, ...values: unknown[]) =>
  database.pool.query(`UPDATE good SET ${set} WHERE code = $1`, [code, ...values]);

describe('a version that is a hash', () => {
  it('a hash is a number that is exact, the same whether inserted, written or read, and other when the content is', async () => {
    const good = await aGood();
    expect(Number.isSafeInteger(good.version)).toBe(true);
    expect(await find(good.code)).toEqual(good);
    const [written] = await within((repository) => repository.update([{ ...good, weight: 13 }]));
    expect(written?.version).not.toBe(good.version);
    expect(await find(good.code)).toEqual({ ...good, weight: 13, version: written?.version });
  });

  it.each([
    ['its name', "name = 'cup'"],
    ['its weight, by a hundredth', 'weight = weight + 0.01'],
    ['a key within its JSON', `attributes = '{"color": "blue"}'`],
    ['the order of a list within its JSON', `attributes = '{"colour": "blue", "sizes": [2, 1]}'`],
    ['its JSON to nothing', 'attributes = NULL'],
    ['its time, by a microsecond', `listed_at = '2030-01-01 00:00:00.000001Z'`],
    ['its picture', `picture = '\\x00'`],
  ])('a hash is another when another program has changed %s: update and delete are refused', async (_, set) => {
    const { code } = await aGood();
    await elsewhere(code, `attributes = '{"colour": "blue", "sizes": [1, 2]}', listed_at = '2030-01-01Z'`);
    const [read, other] = [await find(code), await aGood()];
    await elsewhere(code, set);
    const now = await find(code);
    const stale = { key: code, expectedVersion: read.version, actualVersion: now.version };
    await expect(within((all) => all.update([other, { ...read, weight: 1 }]))).rejects.toMatchObject(stale);
    await expect(within((all) => all.delete([read]))).rejects.toMatchObject(stale);
    expect(await find(code)).toEqual(now);
    await within((all) => all.update([{ ...now, weight: 1 }]));
  });

  it('a hash has one winner of eight writers', async () => {
    const good = await aGood();
    const writers = Array.from({ length: 8 }, (_, n) => within((all) => all.update([{ ...good, weight: 100 + n }])));
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const error of lost) expect(error).toBeInstanceOf(OptimisticLockError);
  });

  it('a hash does not notice a change that was changed back (A, B, A)', async () => {
    const read = await aGood();
    await elsewhere(read.code, "name = 'cup'");
    await elsewhere(read.code, "name = 'mug'");
    expect(await within((all) => all.update([{ ...read, weight: 1 }]))).toMatchObject([{ weight: 1 }]);
  });

  it('a hash leaves a column that it is not of as it is: what another program has counted meanwhile stays', async () => {
    const read = await aGood();
    await elsewhere(read.code, 'pieces = pieces - 3');
    await within((all) => all.update([{ ...read, weight: 1 }]));
    expect(await find(read.code)).toMatchObject({ weight: 1, pieces: 7 });
  });

  it('a hash is left out by TypeORM, and such a row is not written', async () => {
    const { code } = await aGood();
    const read = await dataSource.getRepository(Good).findOneByOrFail({ code });
    await expect(within((all) => all.update([read]))).rejects.toThrow(VersionNotReadError);
    await expect(within((all) => all.delete([read]))).rejects.toThrow(`Good ${code} carries no version`);
  });
});

/** JSON as different programs write it. */
interface Style {
  readonly turned: boolean;
  readonly zeros: number;
  readonly nulls: boolean;
  readonly gap: string;
}
function written(value: unknown, style: Style): string {
  const { turned, zeros, nulls, gap } = style;
  if (typeof value === 'number') {
    const text = JSON.stringify(value);
    return zeros === 0 || /e/i.test(text) ? text : `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(zeros)}`;
  }
  if (Array.isArray(value)) return `[${gap}${value.map((item) => written(item, style)).join(`${gap},`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${gap}${written(member, style)}`,
  );
  if (nulls) members.push('"not there": null');
  return `{${(turned ? members.reverse() : members).join(`${gap},`)}}`;
}

/** What PostgreSQL takes: no U+0000, no lone surrogates. */
const text = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1.0', '"1.50"', '\\"', '\\', '2.00,3.0', '.0"', '\\".500'))
  .map((value) => value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, ''));
const number = fc.oneof(
  fc.integer(),
  fc.constantFrom(0.5, 10, 1.05, 100.001, -7.25, 1e21, 1e-7),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    number,
    text,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      text.filter((key) => key !== 'not there'),
      tie('json'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));
const style = fc.record({
  turned: fc.boolean(),
  zeros: fc.integer({ min: 0, max: 3 }),
  nulls: fc.boolean(),
  gap: fc.constantFrom('', ' ', '\n'),
});

describe('what means the same', () => {
  const versions = async (code: string, ...contents: readonly (readonly [string, unknown[]])[]): Promise<number[]> => {
    const found: number[] = [];
    for (const [set, values] of contents) {
      await elsewhere(code, set, ...values);
      found.push((await find(code)).version);
    }
    return found;
  };

  it('JSON has one hash, in whatever order, with whatever zeros, nulls and gaps it is written; other JSON has another', async () => {
    const { code } = await aGood();
    const set = 'attributes = $2::text::jsonb, notes = $2::text::json';
    await fc.assert(
      fc.asyncProperty(json, json, style, style, async (value, other, one, another) => {
        const [first, second, different] = await versions(
          code,
          [set, [written(value, one)]],
          [set, [written(value, another)]],
          [set, [written(other, one)]],
        );
        expect(second).toBe(first);
        const { rows } = await database.pool.query<{ same: boolean }>(
          'SELECT jsonb_strip_nulls($1::jsonb) = jsonb_strip_nulls($2::jsonb) AS same',
          [written(value, one), written(other, one)],
        );
        expect(different === first).toBe(rows[0]?.same);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['1.0 and 1.00', 'weight = 1.0', 'weight = 1.00'],
    ['100 and 100.000', 'weight = 100', 'weight = 100.000'],
    ['a JSON null, and no JSON', `attributes = 'null'`, 'attributes = NULL'],
    ['a time in one zone and in another', `listed_at = '2030-01-01 12:00+02'`, `listed_at = '2030-01-01 10:00Z'`],
  ])('%s have one hash', async (_, one, another) => {
    const [first, second] = await versions((await aGood()).code, [one, []], [another, []]);
    expect(second).toBe(first);
  });

  it.each([
    ['a text of 1.0 and one of 1.00', "name = '1.0'", "name = '1.00'"],
    ['a weight of 10 and one of 1', 'weight = 10', 'weight = 1'],
    ['1.05 and 1.5', 'weight = 1.05', 'weight = 1.5'],
    ['an empty list and an empty object', `attributes = '[]'`, `attributes = '{}'`],
    ['what moves from one column to the next', "name = 'a', picture = '\\x62'", "name = 'ab', picture = '\\x'"],
  ])('%s have two hashes', async (_, one, another) => {
    const [first, second] = await versions((await aGood()).code, [one, []], [another, []]);
    expect(second).not.toBe(first);
  });

  it('a hash does not depend on the time zone of the session', async () => {
    const { code } = await aGood();
    await elsewhere(code, `listed_at = '2030-01-01 12:00Z'`);
    const read = await find(code);
    await dataSource.transaction(async (manager) => {
      await manager.query("SET LOCAL timezone = 'Pacific/Auckland'");
      expect(await new VersionedRepository(Good, manager).find([code])).toEqual([read]);
    });
  });
});

describe('a hash that does not fit its entity is refused', () => {
  it('a hash of what is no column', async () => {
    @Entity('misspelt')
    class Misspelt {
      @PrimaryColumn('text') id!: string;
      @Column('text') name!: string;
      @Version({ by: hash('nome') }) version!: number;
    }
    const tables = await offlineTables([Misspelt]);
    expect(() => tables.of(Misspelt)).toThrow('Misspelt: the hash is of nome, which is no column');
  });

  it('a hash that leaves out a column which a write would write', async () => {
    @Entity('half')
    class Half {
      @PrimaryColumn('text') id!: string;
      @Column('text') name!: string;
      @Column('integer') pieces!: number;
      @Version({ by: hash('name') }) version!: number;
    }
    const tables = await offlineTables([Half]);
    expect(() => tables.of(Half)).toThrow(
      'Half.pieces is not in the hash, so a write would write over what another program has set there. Name it in hash(), or give its column { update: false }',
    );
  });

  it('a hash of the key alone', async () => {
    @Entity('bare')
    class Bare {
      @PrimaryColumn('text') id!: string;
      @Version({ by: hash('id') }) version!: number;
    }
    const tables = await offlineTables([Bare]);
    expect(() => tables.of(Bare)).toThrow('Bare: the hash is of no column but the key, which never changes');
  });
});
