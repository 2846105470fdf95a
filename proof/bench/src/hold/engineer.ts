import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Two of a name and another side are a pair: one of them must stay on call. */
@Entity('engineer')
export class Engineer {
  @PrimaryColumn('text') name!: string;
  @Column('boolean', { name: 'on_call' }) onCall!: boolean;
  @Version() version!: number;
}

export const TABLE_SQL =
  'CREATE TABLE engineer (name text PRIMARY KEY, on_call boolean NOT NULL, version bigint NOT NULL)';

export const SIDES = ['a', 'b'] as const;
/** Of the two of a pair. */
export type Side = 0 | 1;

export const nameOf = (side: Side, pair: string): string => `${SIDES[side]}${pair}`;

/** Puts the pairs of these names on call, and nobody else. */
export const ON_CALL_SQL = `
  WITH gone AS (DELETE FROM engineer)
  INSERT INTO engineer SELECT side || pair, true, 1 FROM unnest($1::text[]) AS pair, unnest('{${SIDES.join()}}'::text[]) AS side`;

/** Pairs of which both have left, and pairs of which nobody has. */
export const OUTCOME_SQL = `
  SELECT (count(*) FILTER (WHERE staying = 0))::int AS skewed, (count(*) FILTER (WHERE staying = 2))::int AS idle
  FROM (SELECT count(*) FILTER (WHERE on_call) AS staying FROM engineer GROUP BY substr(name, 2)) AS pair`;
