import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { COUNT_VERSION_SQL, countVersionsSql, Kept, Remembered, Version, type KeptChange } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  askUser,
  byField,
  insert,
  lastWriterWins,
  merge,
  one,
  patched,
  StaleBasisError,
  update,
  type EditHandler,
  type EditRequest,
  type Loaded,
  type StalePolicy,
} from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: a policy on a stale basis sees the row as it is when its edit is committed: after the earlier decisions of its batch, after another
 * instance's write, and after a write by hand.
 * Method: instances on one PostgreSQL, the rows of which are cached.
 */
@Entity('label')
@Remembered()
class Label {
  @PrimaryColumn('text') loaf!: string;
  @Column('text', { nullable: true }) name?: string | null;
  @Column('text', { nullable: true }) grain?: string | null;
  @Column('jsonb', { nullable: true }) facts?: object | null;
  @Kept({ versions: 50 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

interface EditLabel extends EditRequest<Partial<Pick<Label, 'name' | 'grain' | 'facts'>>> {
  readonly loaf: string;
}
interface Written {
  readonly version: number;
  readonly overwrote: number | undefined;
}
const needs = ({ loaf }: EditLabel) => ({ label: one(Label, loaf) });

class EditLabelHandler implements EditHandler<EditLabel, Written, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'label';
  constructor(readonly onStale: StalePolicy<EditLabel['edit']>) {}

  decide({ loaf, edit, overwrites }: EditLabel, { label }: Loaded<EditLabelHandler>) {
    const change = label ? update(Label, label, patched(label, edit)) : insert(Label, { loaf, ...edit });
    return { answer: { version: (label?.version ?? 0) + 1, overwrote: overwrites }, changes: [change] };
  }
}

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn(
    [Label],
    `CREATE TABLE label (loaf text PRIMARY KEY, name text, grain text, facts jsonb, changes jsonb, version bigint NOT NULL);
     ${COUNT_VERSION_SQL};${countVersionsSql({ table: 'label', key: 'loaf' })}`,
  );
});
afterAll(() => bakery.close());
beforeEach(() => bakery.database.pool.query('TRUNCATE label'));

const asking = new EditLabelHandler(askUser());
const merging = new EditLabelHandler(merge(byField()));
const last = new EditLabelHandler(lastWriterWins());
const rye = (edit: EditLabel['edit'], basis?: number): EditLabel => ({ loaf: 'rye', edit, basis });
const stored = () => bakery.one<Label>(`SELECT to_jsonb(label) AS value FROM label`);
const outcomes = async (requests: readonly Promise<Written>[]) => {
  const settled = await Promise.allSettled(requests);
  const stale = settled.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  return {
    written: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.version] : [])),
    stale: stale.map(({ reason }) => (reason as StaleBasisError).stale.version),
  };
};

describe('an edit', () => {
  it('an edit of the same basis as others in its batch is decided after theirs: the first goes on', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(asking, rye({ name: 'Rye' }));
    const edits = ['A', 'B', 'C'].map((name) => unitOfWork.request(asking, rye({ name }, 1)));
    expect(await outcomes(edits)).toEqual({ written: [2], stale: [2, 2] });
    expect(await stored()).toMatchObject({ name: 'A', version: 2 });
  });

  it('edits of different fields are merged within a batch, each with its entry in the log', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(asking, rye({ name: 'Rye', facts: { salt: 1 } }));
    const edits = [rye({ name: 'Dark rye' }, 1), rye({ grain: 'whole' }, 1), rye({ facts: { fat: 2 } }, 1)];
    await Promise.all(edits.map((edit) => unitOfWork.request(merging, edit)));
    const label = await stored();
    expect(label).toMatchObject({ name: 'Dark rye', grain: 'whole', facts: { salt: 1, fat: 2 }, version: 4 });
    expect(label.changes?.map(({ version, was }) => [version, ...Object.keys(was)])).toEqual([
      [2, 'name'],
      [3, 'grain'],
      [4, 'facts/fat'],
    ]);
  });

  it('twenty edits of one basis at two instances: one is written', async () => {
    const units = [bakery.instance().unitOfWork, bakery.instance().unitOfWork] as const;
    await units[0].request(asking, rye({ name: 'Rye' }));
    await units[1].request(asking, rye({ name: 'Rye' }, 1));
    const { written, stale } = await outcomes(
      Array.from({ length: 20 }, (_, n) => units[n % 2 === 0 ? 0 : 1].request(asking, rye({ name: `${n}` }, 2))),
    );
    expect([written, stale]).toEqual([[3], Array(19).fill(3)]);
    expect(await stored()).toMatchObject({ version: 3 });
  });

  it('fifty last writers at two instances, one of which is an hour behind: each tells the version that it has overwritten', async () => {
    const now = (): number => Date.now() - 3_600_000;
    const units = [bakery.instance({ now }).unitOfWork, bakery.instance().unitOfWork] as const;
    await units[0].request(last, rye({ name: 'Rye' }));
    const raced = await Promise.all(
      Array.from({ length: 49 }, (_, n) => units[n % 2 === 0 ? 0 : 1].request(last, rye({ name: `${n}` }, 1))),
    );
    const answers = [...raced, await units[0].request(last, rye({ name: '49' }, 1))];
    const overwrote = answers.flatMap(({ overwrote }) => overwrote ?? []).sort((a, b) => a - b);
    expect(overwrote).toEqual(Array.from({ length: 49 }, (_, n) => n + 2));
    const label = await stored();
    expect(label).toMatchObject({ name: '49', version: 51 });
    // The clock of the last says that it is not the last.
    const times = label.changes?.map(({ at }) => at) ?? [];
    expect(times.at(-1)).not.toBe([...times].sort().at(-1));
  });

  it('an edit meets what another instance has written since, although its row is cached', async () => {
    const [one, other] = [bakery.instance().unitOfWork, bakery.instance().unitOfWork];
    await one.request(asking, rye({ name: 'Rye', grain: 'fine' }));
    await other.request(merging, rye({ grain: 'whole' }, 1));
    await expect(one.request(asking, rye({ name: 'Dark rye' }, 1))).rejects.toThrow('version 1 was edited');
    await one.request(merging, rye({ name: 'Dark rye' }, 1));
    await other.request(merging, rye({ facts: {} }, 1));
    expect(await stored()).toMatchObject({ name: 'Dark rye', grain: 'whole', version: 4 });
  });

  it('an edit of a basis before a change by hand is refused: the database counts that change, and no log has it', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(asking, rye({ name: 'Rye' }));
    await bakery.database.pool.query(`UPDATE label SET grain = 'by hand'`);
    await expect(unitOfWork.request(merging, rye({ name: 'Dark rye' }, 1))).rejects.toMatchObject({
      stale: { version: 2, changedSince: undefined },
    });
    await unitOfWork.request(merging, rye({ name: 'Dark rye' }, 2));
    expect(await stored()).toMatchObject({ name: 'Dark rye', grain: 'by hand', version: 3 });
  });
});
