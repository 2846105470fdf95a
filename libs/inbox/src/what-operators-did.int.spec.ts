import { newId } from '@backstep/messages';
import { describe, expect, it } from '@jest/globals';
import { ParkedOperations } from './index.js';
import { database, executor, inboxOnPostgres, lot, park } from './inbox.fixture.spec.js';

/** Goal: what operators did is listed once each, newest first, whatever page by page is read. Method: discards on a real PostgreSQL. */
inboxOnPostgres();

const discard = async (key: string, by: string): Promise<void> => {
  const id = await park('poisoned', key);
  const operation = { id: newId(), messageId: id, action: 'discard', by, reason: `no ${key}` } as const;
  await lot.discard({ id }, operation);
};

describe('the list of what operators did', () => {
  it('operations of one moment and of several are on one page each, newest first', async () => {
    for (let n = 0; n < 7; n++) await discard(`k${n}`, 'ada');
    // Three moments, so that pages end between operations of the same.
    await database.pool.query(
      `UPDATE parked_operation SET acted_at = '2026-11-27T12:00:00.123Z'::timestamptz + (right(key, 1)::int / 3) * interval '1 ms'`,
    );
    const operations = new ParkedOperations(executor);
    const all = await operations.list({ limit: 10 });
    expect(all.map(({ at }) => at.slice(-4))).toEqual(['125Z', '124Z', '124Z', '124Z', '123Z', '123Z', '123Z']);
    const paged: string[] = [];
    for (let after: { atMs: number; id: string } | undefined; ;) {
      const page = await operations.list({ limit: 2, after });
      const last = page.at(-1);
      if (!last) break;
      paged.push(...page.map(({ id }) => id));
      after = { atMs: Date.parse(last.at), id: last.id };
    }
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  it('operations are found by operator, by action and by the key of their message', async () => {
    await discard('a', 'ada');
    await discard('b', 'bob');
    const operations = new ParkedOperations(executor);
    const keys = async (query: object): Promise<string[]> =>
      (await operations.list({ limit: 10, ...query })).map(({ message }) => message.key);
    expect(await keys({ by: 'ada' })).toEqual(['a']);
    expect(await keys({ key: 'b' })).toEqual(['b']);
    expect(await keys({ action: 'replay' })).toEqual([]);
  });

  it('a discard that does nothing is not kept', async () => {
    const id = await park('held', 'a');
    const operation = { id: newId(), messageId: id, action: 'discard', by: 'ada', reason: 'no' } as const;
    expect(await lot.discard({ id }, operation)).toBe(false);
    expect(await new ParkedOperations(executor).list({ limit: 10 })).toEqual([]);
  });
});
