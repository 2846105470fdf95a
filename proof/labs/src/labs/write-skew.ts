import { Version } from '@backstep/concurrency';
import { one, update } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Lab } from '../lab.js';
import type { Party } from '../party.js';
import type { Stage } from '../stage.js';

@Entity('engineer')
class Engineer {
  @PrimaryColumn('text') name!: string;
  @Column('boolean', { name: 'on_call' }) onCall!: boolean;
  @Version() version!: number;
}

interface Asked {
  readonly me: string;
  readonly other: string;
}

/** Leaves when the other stays: right by itself, and wrong when the other leaves at the same time. */
const leave = (party: Party, hold: boolean) => ({
  needs: ({ me, other }: Asked) => ({ me: one(Engineer, me), other: one(Engineer, other, { hold }) }),
  decide: (_: Asked, { me, other }: { me: Engineer | undefined; other: Engineer | undefined }) => {
    const leaves = me !== undefined && other?.onCall === true;
    party.note(`reads ${other?.name}: ${leaves ? 'on call. Decides to leave' : 'not on call. Decides to stay'}`);
    return { answer: leaves, changes: leaves ? [update(Engineer, me, { onCall: false })] : [] };
  },
});

/** @returns once the party has decided, and waits for a row that the lab holds back */
async function asksToLeave(party: Party, other: string, hold: boolean): Promise<void> {
  const unitOfWork = await party.unitOfWork(({ name }) => party.note(`writes: refused (${name})`));
  party.begins(async () => {
    const left = await unitOfWork.request(leave(party, hold), { me: party.name, other });
    party.note(left ? 'writes: off call; committed' : 'writes nothing');
    return left;
  });
  await party.waitsForLock();
}

const onCall = (stage: Stage): Promise<{ name: string }[]> =>
  stage.rows<{ name: string }>('SELECT name FROM engineer WHERE on_call');

export const writeSkew: Lab = {
  entities: [Engineer],
  tables: 'CREATE TABLE engineer (name text PRIMARY KEY, on_call boolean NOT NULL, version bigint NOT NULL)',
  rows: `TRUNCATE engineer; INSERT INTO engineer VALUES ('Ana', true, 1), ('Ben', true, 1)`,
  without: {
    title: 'each leaves only when the other stays; the other is read and not held',
    play: async (stage) => {
      const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
      const rowOf = (name: string) => stage.holdsBack(`SELECT FROM engineer WHERE name = '${name}' FOR UPDATE`);
      const [anasRow, bensRow] = [await rowOf('Ana'), await rowOf('Ben')];
      await asksToLeave(ana, 'Ben', false);
      await asksToLeave(ben, 'Ana', false);
      await anasRow.release();
      await ana.succeeds();
      await bensRow.release();
      await ben.succeeds();
      stage.shows(
        (await onCall(stage)).length === 0,
        'Nobody is on call: each decision was right, and both are wrong.',
      );
    },
  },
  with: {
    title: 'the same handler with one(Engineer, other, { hold: true })',
    play: async (stage) => {
      const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
      const rows = await stage.holdsBack('SELECT FROM engineer ORDER BY name FOR UPDATE');
      await asksToLeave(ana, 'Ben', true);
      await asksToLeave(ben, 'Ana', true);
      ben.follows(ana);
      await rows.release();
      const anaLeft = await ana.succeeds<boolean>();
      ben.isFree();
      const benLeft = await ben.succeeds<boolean>();
      const refused = stage.steps.some(({ by, what }) => by === 'Ben' && what.includes('refused'));
      stage.shows(anaLeft && refused, 'Ben decided from what Ana then changed: his first write was refused.');
      const [stays, ...more] = await onCall(stage);
      stage.shows(!benLeft && stays?.name === 'Ben' && more.length === 0, 'Ben is on call: he has decided again.');
    },
  },
};
