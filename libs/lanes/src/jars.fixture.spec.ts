import { Version } from '@backstep/concurrency';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { insert, many, update } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The domain of the specs (no spec itself): coins are moved from one jar to another. The handler is not idempotent: a move that is made twice is
 * seen twice. Each jar counts its moves, so that their order can be read afterwards. Worker processes run this file too, so it imports packages
 * only.
 */
@Entity('jar')
export class Jar {
  @PrimaryColumn('text') name!: string;
  @Column('integer') coins!: number;
  @Column('integer') moves!: number;
  @Version() version!: number;
}

@Entity('moved')
export class Moved {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') move!: string;
  /** The places of the move among those of its two jars. */
  @Column('jsonb') places!: Readonly<Record<string, number>>;
  @Version() version!: number;
}

export interface Move {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly coins: number;
}

const needs = ({ id, from, to }: Move) => ({ jars: many(Jar, [from, to]), before: many(Moved, rowsOf(id)) });

/** Rows for a second and a third time, which must not be. */
const rowsOf = (id: string): string[] => ['0', '1', '2'].map((n) => `${id.slice(0, -1)}${n}`);

export const move = {
  needs,
  decide(
    { id, from, to, coins }: Move,
    { jars, before }: { jars: ReadonlyMap<string, Jar>; before: ReadonlyMap<string, Moved> },
  ) {
    const [giver, taker] = [jars.get(from), jars.get(to)];
    if (!giver || !taker)
      throw new ProblemError(PROBLEMS.notFound, { detail: `There is no jar ${giver ? to : from}.` });
    if (coins < 0) throw new TypeError('half a coin: internal text that no client sees');
    if (giver.coins < coins) throw new ProblemError(PROBLEMS.conflict, { detail: `${from} has ${giver.coins} coins.` });
    const row = rowsOf(id).find((one) => !before.has(one)) ?? id;
    const places = { [from]: giver.moves + 1, [to]: taker.moves + 1 };
    return {
      answer: { left: giver.coins - coins },
      changes: [
        update(Jar, giver, { coins: giver.coins - coins, moves: giver.moves + 1 }),
        update(Jar, taker, { coins: taker.coins + coins, moves: taker.moves + 1 }),
        insert(Moved, { id: row, move: id, places }),
      ],
    };
  },
};

export const JARS_SQL = `
CREATE TABLE jar (name text PRIMARY KEY, coins integer NOT NULL CHECK (coins >= 0 AND coins < 10000), moves integer NOT NULL, version bigint NOT NULL);
CREATE TABLE moved (id uuid PRIMARY KEY, move text NOT NULL, places jsonb NOT NULL, version bigint NOT NULL);
`;
