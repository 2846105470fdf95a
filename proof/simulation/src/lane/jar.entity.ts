import { Version } from '@backstep/concurrency';
import { insert, many, update, type LoadedNeeds } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Coins are moved between jars. */
@Entity('simulated_jar')
export class Jar {
  @PrimaryColumn('text') name!: string;
  @Column('integer') coins!: number;
  @Column('integer') moves!: number;
  @Version() version!: number;
}

/** A move that was made. */
@Entity('simulated_moved')
export class Moved {
  /** `<move>/<n>`, n counting how often it was made. */
  @PrimaryColumn('text') id!: string;
  @Column('text') move!: string;
  /** Its places among the moves of its two jars. */
  @Column('jsonb') places!: Readonly<Record<string, number>>;
  @Version() version!: number;
}

export interface Move {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly coins: number;
}

const rowsOf = (id: string): string[] => [1, 2, 3].map((n) => `${id}/${n}`);
const needs = ({ id, from, to }: Move) => ({ jars: many(Jar, [from, to]), made: many(Moved, rowsOf(id)) });

/** Not idempotent: a move that is made twice is seen twice. */
export const move = {
  needs,
  decide({ id, from, to, coins }: Move, { jars, made }: LoadedNeeds<ReturnType<typeof needs>>) {
    const [giver, taker] = [jars.get(from), jars.get(to)];
    if (!giver || !taker || giver.coins < coins) throw new Error(`${from} has too few coins`);
    const places = { [from]: giver.moves + 1, [to]: taker.moves + 1 };
    return {
      answer: { left: giver.coins - coins },
      changes: [
        update(Jar, giver, { coins: giver.coins - coins, moves: giver.moves + 1 }),
        update(Jar, taker, { coins: taker.coins + coins, moves: taker.moves + 1 }),
        insert(Moved, { id: rowsOf(id).find((one) => !made.has(one)) ?? id, move: id, places }),
      ],
    };
  },
};
