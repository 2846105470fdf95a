import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AbsenceNotHeldError, insert, one, touch, update } from './index.js';
import { instancesOn, type OwnOptions } from './instances.fixture.spec.js';

/**
 * Goal: what a decision holds is at its commit as it was read, whoever else writes; and whoever only holds does not keep others from holding.
 * Method: two instances race for a rule over two rows; a rival transaction has written, or holds, the row that a decision holds.
 */
@Entity('baker')
class Baker {
  @PrimaryColumn('text') name!: string;
  @Column('boolean', { name: 'on_call' }) onCall!: boolean;
  @Version() version!: number;
}

@Entity('rota')
class Rota {
  @PrimaryColumn('text') day!: string;
  @Column('boolean') open!: boolean;
  @Version() version!: number;
}

const TABLES = `
  CREATE TABLE baker (name text PRIMARY KEY, on_call boolean NOT NULL, version bigint NOT NULL);
  CREATE TABLE rota (day text PRIMARY KEY, open boolean NOT NULL, version bigint NOT NULL);`;

/** Without the lock or the look, four of five rounds break the rule. `npm run bench -- hold` plays a thousand, and says how fast. */
const ROUNDS = 60;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Baker, Rota], TABLES);
});
afterAll(() => bakery.close());
afterEach(() => bakery.endRivals());
beforeEach(async () => {
  await bakery.database.pool.query(`
    TRUNCATE baker, rota;
    INSERT INTO baker SELECT side || n, true, 1 FROM generate_series(1, ${ROUNDS}) AS n, unnest('{a,b}'::text[]) AS side;
    INSERT INTO rota VALUES ('monday', true, 1)`);
});

/** Leaves when the other stays: right by itself, and wrong when the other leaves at the same time. */
const leave = {
  needs: ({ me, other }: { me: string; other: string }) => ({
    me: one(Baker, me),
    other: one(Baker, other, { hold: true }),
  }),
  decide: (_: unknown, { me, other }: { me: Baker | undefined; other: Baker | undefined }) => ({
    answer: undefined,
    changes: me && other?.onCall ? [update(Baker, me, { onCall: false })] : [],
  }),
};

/** Goes on call on a day that is open, and only asks whether it is. */
const goOnCall = {
  needs: ({ name, day }: { name: string; day: string }) => ({
    baker: one(Baker, name),
    rota: one(Rota, day, { hold: true }),
  }),
  decide: (
    { name }: { name: string; day: string },
    { baker, rota }: { baker: Baker | undefined; rota: Rota | undefined },
  ) => {
    if (rota && !rota.open) return { answer: 'closed', changes: [] };
    const change = baker ? update(Baker, baker, { onCall: true }) : insert(Baker, { name, onCall: true });
    return { answer: 'on call', changes: [change] };
  },
};

describe('a rule over two rows, each of which is written by who has read the other', () => {
  it.each<[string, number, OwnOptions, OwnOptions]>([
    ['both are optimistic', ROUNDS, {}, {}],
    ['both lock what they read', ROUNDS / 3, { optimisticTries: 0 }, { optimisticTries: 0 }],
    ['one of them locks what it reads', ROUNDS / 3, {}, { optimisticTries: 0 }],
  ])(
    'a rule over two rows is never broken by two instances that decide at once, when %s',
    async (_, rounds, one, other) => {
      const [left, right] = [bakery.instance(one), bakery.instance(other)];
      for (let n = 1; n <= rounds; n++) {
        const [a, b] = [`a${n}`, `b${n}`];
        await Promise.all([
          left.unitOfWork.request(leave, { me: a, other: b }),
          right.unitOfWork.request(leave, { me: b, other: a }),
        ]);
      }
      const left0 = await bakery.one(
        `SELECT count(*)::int AS value FROM (
         SELECT FROM baker GROUP BY substr(name, 2) HAVING NOT bool_or(on_call)) AS nobody`,
      );
      expect(left0).toBe(0);
      expect([...left.conflicts, ...right.conflicts]).not.toContain('TransactionRetryError');
      await left.close();
      await right.close();
    },
  );
});

describe('a row that is held', () => {
  it('a held row that somebody is writing is waited for, and decided from as it was left', async () => {
    const { unitOfWork, conflicts } = bakery.instance();
    const rival = await bakery.rival(`UPDATE rota SET open = false, version = version + 1`);
    const answer = unitOfWork.request(goOnCall, { name: 'new', day: 'monday' });
    await bakery.waiting(1);
    await rival.commit();
    expect(await answer).toBe('closed');
    expect(conflicts).toEqual(['RowsMismatchError']);
  });

  it('a held row is held by others at the same time', async () => {
    const { unitOfWork, conflicts } = bakery.instance();
    const rival = await bakery.rival(`SELECT FROM rota FOR SHARE`);
    expect(await unitOfWork.request(goOnCall, { name: 'new', day: 'monday' })).toBe('on call');
    await rival.commit();
    expect(conflicts).toEqual([]);
  });

  it('a held row that is not there refuses a decision that changes rows because of it', async () => {
    const { unitOfWork } = bakery.instance();
    const refused = unitOfWork.request(goOnCall, { name: 'new', day: 'sunday' });
    await expect(refused).rejects.toThrow(AbsenceNotHeldError);
    await expect(refused).rejects.toThrow('Rota sunday is held and is not there');
    expect(await bakery.one(`SELECT count(*)::int AS value FROM baker WHERE name = 'new'`)).toBe(0);
  });

  it('a held row that is not there allows a decision that inserts it, or changes nothing', async () => {
    const { unitOfWork } = bakery.instance();
    const open = {
      needs: (day: string) => ({ rota: one(Rota, day, { hold: true }) }),
      decide: (day: string, { rota }: { rota: Rota | undefined }) => ({
        answer: rota?.open,
        changes: day === 'sunday' && !rota ? [insert(Rota, { day, open: true })] : [],
      }),
    };
    expect(await unitOfWork.request(open, 'saturday')).toBeUndefined();
    expect(await unitOfWork.request(open, 'sunday')).toBeUndefined();
    expect(await unitOfWork.request(open, 'sunday')).toBe(true);
  });
});

it('a row that is touched has a new version and is else as it was: who has decided from the old one decides again', async () => {
  const { unitOfWork, conflicts } = bakery.instance();
  const look = {
    needs: (day: string) => ({ rota: one(Rota, day) }),
    decide: (_: string, { rota }: { rota: Rota | undefined }) => ({
      answer: rota,
      changes: rota ? [touch(Rota, rota)] : [],
    }),
  };
  const rival = await bakery.rival(`UPDATE rota SET version = version + 1`);
  const answer = unitOfWork.request(look, 'monday');
  await bakery.waiting(1);
  await rival.commit();
  expect(await answer).toMatchObject({ day: 'monday', open: true, version: 2 });
  expect(conflicts).toEqual(['RowsMismatchError']);
  expect(await bakery.one(`SELECT row_to_json(rota) AS value FROM rota`)).toEqual({
    day: 'monday',
    open: true,
    version: 3,
  });
});
