import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OptimisticLockError } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { IllegalOperatorActionError, minutes, seconds } from '../index.js';
import { JudgedOperatorHandler, SagaNotFoundError, type OperateRequest } from './index.js';
import { orchestrators } from './orchestrator.fixture.spec.js';

/**
 * Goal: what operators do to several sagas is read and written set-wise, each saga on the version that was seen of it, and all of it can be
 * listed by its time. Method: real PostgreSQL; sagas at their first step, which an operator may turn back.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

const MANY = 20;
type Instance = ReturnType<typeof system.instance>;

async function begun(one: Instance, count = MANY): Promise<string[]> {
  return (await system.started(one, count)).map((wish) => system.sagaOf(wish));
}

const request = (sagaId: string, changes: Partial<OperateRequest> = {}): OperateRequest => ({
  ...{ sagaId, expectedVersion: 1, action: 'compensate', by: 'ada', reason: 'INC-42', dryRun: false },
  ...changes,
});

/** As the API of operators asks: all at once. */
const askAll = (one: Instance, requests: readonly OperateRequest[]) => {
  const handler = new JudgedOperatorHandler(one.operators);
  return Promise.all(requests.map((wanted) => one.unitOfWork.request(handler, wanted)));
};
const operate = (one: Instance, sagaId: string, changes: Partial<OperateRequest> = {}) =>
  one.unitOfWork.request(one.operators, request(sagaId, changes));

describe('several at once', () => {
  it('many sagas are written by one statement, and so is what is listed of them', async () => {
    const one = system.instance();
    const sagas = await begun(one);
    // PostgreSQL counts: a trigger that fires once for each statement, whatever the number of its rows.
    await system.database.pool.query(`
      CREATE TABLE writes (of text);
      CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO writes VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
      CREATE TRIGGER counted AFTER UPDATE ON saga_instance FOR EACH STATEMENT EXECUTE FUNCTION count_write();
      CREATE TRIGGER counted AFTER INSERT ON saga_operation FOR EACH STATEMENT EXECUTE FUNCTION count_write();`);
    try {
      const outcomes = await askAll(
        one,
        sagas.map((sagaId) => request(sagaId)),
      );
      expect(outcomes.filter(({ refused }) => refused)).toEqual([]);
      const { rows } = await system.database.pool.query(
        'SELECT of, count(*)::int AS times FROM writes GROUP BY of ORDER BY of',
      );
      expect(rows).toEqual([
        { of: 'saga_instance', times: 1 },
        { of: 'saga_operation', times: 1 },
      ]);
    } finally {
      await system.database.pool.query('DROP FUNCTION count_write CASCADE; DROP TABLE writes');
    }
    const { rows } = await system.database.pool.query('SELECT count(*)::int AS n FROM saga_operation');
    expect(rows).toEqual([{ n: MANY }]);
  });

  it('what is refused of one keeps no other back, and nothing is written of it', async () => {
    const one = system.instance();
    const [stale, illegal, right] = (await begun(one, 3)) as [string, string, string];
    const outcomes = await askAll(one, [
      request(stale, { expectedVersion: 7 }),
      request(newId()),
      request(illegal, { action: 'retry' }),
      request(right),
    ]);
    expect(outcomes.map(({ refused }) => refused?.constructor)).toEqual([
      ...[OptimisticLockError, SagaNotFoundError, IllegalOperatorActionError],
      undefined,
    ]);
    const versions = await Promise.all([stale, illegal, right].map(async (id) => (await one.store.load(id))?.version));
    expect(versions).toEqual([1, 1, 2]);
    expect((await one.store.operations({})).operations).toHaveLength(1);
  });

  it('of two operators who act on the same sagas at once, each saga obeys one', async () => {
    const both = [system.instance(), system.instance()] as const;
    const sagas = await begun(both[0], 10);
    const outcomes = await Promise.all(
      both.map((one, at) =>
        askAll(
          one,
          sagas.map((sagaId) => request(sagaId, { by: `operator ${at}` })),
        ),
      ),
    );
    const obeyed = sagas.map((_, at) => outcomes.filter((all) => !all[at]?.refused).length);
    expect(obeyed).toEqual(sagas.map(() => 1));
    expect((await both[0].store.operations({ limit: 100 })).operations).toHaveLength(sagas.length);
  });
});

describe('the list of what operators did', () => {
  async function acted(): Promise<{ one: Instance; sagas: readonly string[] }> {
    const one = system.instance();
    const sagas = await begun(one, 3);
    const done = [
      { saga: 0, by: 'ada' },
      { saga: 1, by: 'grace' },
      { saga: 2, by: 'ada' },
      // The first one once more, which is at its version 2 now.
      { saga: 0, by: 'ada', action: 'skip', expectedVersion: 2 },
    ] as const;
    for (const [at, { saga, ...asked }] of done.entries()) {
      system.clock.now += seconds(1);
      await operate(one, sagas[saga] ?? '', { ...asked, requestId: `request-${at}` });
    }
    await one.told();
    return { one, sagas };
  }

  it('an operation is listed with who, why, from where to where, and the ids that were sent for it', async () => {
    const { one, sagas } = await acted();
    const { operations } = await one.store.operations({ limit: 2 });
    const saga = await one.store.load(sagas[0] ?? '');
    const told = saga?.instance.operations ?? [];
    expect(operations[0]).toEqual({
      id: expect.any(String),
      sagaId: sagas[0],
      subject: saga?.instance.subject,
      ...told[1],
    });
    expect(told.map(({ from, to, requestId }) => [from, to, requestId])).toEqual([
      ['RUNNING', 'COMPENSATING', 'request-0'],
      ['COMPENSATING', 'COMPENSATED', 'request-3'],
    ]);
    const sent = system.sent.map(({ headers }) => headers['ce_id']);
    expect(told[0]?.commandIds).toHaveLength(1);
    expect(sent).toContain(told[0]?.commandIds?.[0]);
    expect(told[1]?.commandIds).toEqual([]);
  });

  it('operations are listed newest first, in pages, and by who, what and subject', async () => {
    const { one, sagas } = await acted();
    const idsOf = async (query: Parameters<typeof one.store.operations>[0]) =>
      (await one.store.operations(query)).operations.map(({ sagaId, action }) => `${action} ${sagas.indexOf(sagaId)}`);
    const all = ['skip 0', 'compensate 2', 'compensate 1', 'compensate 0'];
    expect(await idsOf({})).toEqual(all);
    const paged: string[] = [];
    let after: { at: number; id: string } | undefined;
    for (let page = 0; page < all.length; page += 1) {
      const { operations, isLast } = await one.store.operations({ limit: 1, ...(after && { after }) });
      paged.push(...operations.map(({ sagaId, action }) => `${action} ${sagas.indexOf(sagaId)}`));
      after = operations.at(-1);
      expect(isLast).toBe(page === all.length - 1);
    }
    expect(paged).toEqual(all);
    expect(await idsOf({ by: 'grace' })).toEqual(['compensate 1']);
    expect(await idsOf({ action: 'skip' })).toEqual(['skip 0']);
    const subject = (await one.store.load(sagas[2] ?? ''))?.instance.subject ?? '';
    expect(await idsOf({ subject })).toEqual(['compensate 2']);
  });

  it('what operators did to a saga is forgotten with the saga, and kept as long as the saga is', async () => {
    const { one } = await acted();
    system.clock.now += minutes(60);
    await system.database.pool.query(
      `UPDATE saga_instance SET version = version + 1, status = 'COMPENSATED', wake_at = NULL,
         instance = jsonb_set(instance::jsonb, '{endedAt}', '1') WHERE NOT instance::jsonb @> '{"operations": [{"action": "skip"}]}'`,
    );
    expect(await one.store.purgeEnded(system.clock.now, 100)).toBeGreaterThan(0);
    const { operations } = await one.store.operations({});
    expect(operations.map(({ action }) => action)).toEqual(['skip', 'compensate']);
  });
});

describe('the list of sagas', () => {
  it('sagas that wait for an operator are the stuck ones, and those whose definition is not registered', async () => {
    const one = system.instance();
    const [running, stuck, unknown] = (await begun(one, 3)) as [string, string, string];
    await system.database.pool.query(
      `UPDATE saga_instance SET version = version + 1, status = 'STUCK',
         instance = instance::jsonb || '{"stuckSince": 1, "stuckBecause": "by hand"}' WHERE id = $1`,
      [stuck],
    );
    await system.database.pool.query(
      `UPDATE saga_instance SET version = version + 1, instance = jsonb_set(instance::jsonb, '{definitionVersion}', '99') WHERE id = $1`,
      [unknown],
    );
    const found = await one.store.list({ waitingAmong: ['bake-and-serve@1'] });
    expect(found.sagas.map(({ instance }) => instance.id).sort()).toEqual([stuck, unknown].sort());
    expect((await one.store.list({ waitingAmong: ['bake-and-serve@1'], status: 'STUCK' })).sagas).toHaveLength(1);
    expect((await one.store.list({})).sagas.map(({ instance }) => instance.id)).toContain(running);
  });

  it('sagas are listed by when they began', async () => {
    const one = system.instance();
    const began: string[] = [];
    const noon = system.clock.now;
    for (const minute of [0, 1, 2]) {
      system.clock.now = noon + minutes(minute);
      began.push(...(await begun(one, 1)));
    }
    const idsOf = async (query: Parameters<typeof one.store.list>[0]) =>
      (await one.store.list(query)).sagas.map(({ instance }) => began.indexOf(instance.id));
    expect(await idsOf({ startedFrom: noon + minutes(1) })).toEqual([2, 1]);
    expect(await idsOf({ startedBefore: noon + minutes(1) })).toEqual([0]);
    expect(await idsOf({ startedFrom: noon + minutes(1), startedBefore: noon + minutes(2) })).toEqual([1]);
  });
});
