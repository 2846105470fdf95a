import { Version } from '@backstep/concurrency';
import { many, type Many } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Rows of each table. */
export const KEYS = 1_000;
/** Of each table, so many rows are written by one unit of work. */
export const KEYS_OF_EACH = 2;

@Entity('shelf')
export class Shelf {
  @PrimaryColumn('text') name!: string;
  @Column('integer') writes!: number;
  @Version() version!: number;
}

/** Its keys are ordered otherwise as numbers than as text. */
@Entity('tray')
export class Tray {
  @PrimaryColumn('integer') place!: number;
  @Column('integer') writes!: number;
  @Version() version!: number;
}

@Entity('oven')
export class Oven {
  @PrimaryColumn('uuid') id!: string;
  @Column('integer') writes!: number;
  @Version() version!: number;
}

/** What a unit of work asks for: the sequence of its members is that in which the rows are named. */
export type Asked = Readonly<{
  shelves: Many<Shelf>;
  trays: Many<Tray>;
  ovens: Many<Oven>;
}>;

interface CrossedTable {
  readonly table: string;
  readonly key: string;
  /** The key of the n-th row. */
  keyOf(n: number): string;
  asked(keys: readonly string[]): Partial<Asked>;
}

export const TABLES: readonly CrossedTable[] = [
  { table: 'shelf', key: 'name', keyOf: (n) => `shelf-${n}`, asked: (keys) => ({ shelves: many(Shelf, keys) }) },
  { table: 'tray', key: 'place', keyOf: String, asked: (keys) => ({ trays: many(Tray, keys) }) },
  {
    table: 'oven',
    key: 'id',
    keyOf: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    asked: (keys) => ({ ovens: many(Oven, keys) }),
  },
];

export const TABLES_SQL = `
  CREATE TABLE shelf (name text PRIMARY KEY, writes integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE tray (place integer PRIMARY KEY, writes integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE oven (id uuid PRIMARY KEY, writes integer NOT NULL, version bigint NOT NULL);
  INSERT INTO shelf SELECT 'shelf-' || n, 0, 1 FROM generate_series(0, ${KEYS - 1}) AS n;
  INSERT INTO tray SELECT n, 0, 1 FROM generate_series(0, ${KEYS - 1}) AS n;
  INSERT INTO oven SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, 1
    FROM generate_series(0, ${KEYS - 1}) AS n`;

/** How often rows were written since they were made. */
export const WRITES_SQL = `SELECT ((SELECT sum(writes) FROM shelf) + (SELECT sum(writes) FROM tray) + (SELECT sum(writes) FROM oven))::int AS writes`;
