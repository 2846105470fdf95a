import { Contended, Version, type EntityClass, type Strategy as TakenAs } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type pg from 'pg';

/** Keys that a load may draw from. All rows are there in each cell, however few of them are drawn. */
export const KEYS = 10_000;
/** Of the strategy `escrow`: a key's amount lies in so many rows. */
export const SLOTS = 8;
/** More of each key than any cell takes. */
const PLENTY = 1_000_000_000;

/** The row that all strategies count down, as the kit's unit of work sees it. */
export interface Stock {
  readonly sku: string;
  readonly onHand: number;
  readonly version: number;
}

/** An entity of that row, which says how its rows are taken. */
export function stockTaken(strategy: TakenAs): EntityClass<Stock> {
  @Contended(strategy)
  @Entity('stock')
  class TakenStock implements Stock {
    @PrimaryColumn('text') sku!: string;
    @Column('integer', { name: 'on_hand' }) onHand!: number;
    @Version() version!: number;
  }
  return TakenStock;
}

export const STOCK_SQL = `
  CREATE TABLE stock (sku text PRIMARY KEY, on_hand integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE slot (sku text, slot smallint, on_hand integer NOT NULL, PRIMARY KEY (sku, slot));
  CREATE TABLE waiting (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku text NOT NULL)`;

/** Which rows a strategy counts down. */
export type Counted = 'stock' | 'slot';

const FILL: Readonly<Record<Counted, string>> = {
  stock: `TRUNCATE stock; INSERT INTO stock SELECT n, ${PLENTY}, 1 FROM generate_series(0, ${KEYS - 1}) n`,
  slot: `TRUNCATE slot; INSERT INTO slot SELECT n, s, ${PLENTY} FROM generate_series(0, ${KEYS - 1}) n, generate_series(0, ${SLOTS - 1}) s`,
};

/** Makes the rows anew: no cell finds the dead rows of another. */
export async function fill(client: pg.Client, counted: Counted): Promise<void> {
  await client.query(FILL[counted]);
}

/** How much was taken from all rows since they were made. */
export async function taken(client: pg.Client, counted: Counted): Promise<number> {
  const { rows } = await client.query<{ taken: number }>(
    `SELECT sum(${PLENTY} - on_hand)::float8 AS taken FROM ${counted}`,
  );
  return rows[0]?.taken ?? NaN;
}
