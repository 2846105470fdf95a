import { write } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { describe, expect, it } from '@jest/globals';
import { dedupeIdOf, inboxPart, knownMessages, ParkedOperations, purgeInbox, unparkPart } from './index.js';
import { aDelivered, database, executor, idsOf, inboxOnPostgres, lot, park } from './inbox.fixture.spec.js';

/** Goal: the inbox refuses an id that it knows, and deletes ids late and in chunks. Method: its statements on a real PostgreSQL. */
inboxOnPostgres();

describe('the inbox', () => {
  const remembered = async (): Promise<number> => (await database.pool.query('SELECT FROM inbox')).rowCount ?? 0;
  const policy = { retainInboxDays: 14, retainDiscardedDays: 30, retainOperationsDays: 90, purgeChunk: 4 };

  async function remember(count: number, age: string): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await write(executor, [inboxPart(ids)]);
    await database.pool.query('UPDATE inbox SET received_at = now() - $2::interval WHERE message_id = ANY($1)', [
      ids,
      age,
    ]);
    return ids;
  }

  it('a write with a message id that the inbox knows is refused as a whole', async () => {
    const [id] = await remember(1, '0');
    const fresh = newId();
    await expect(write(executor, [inboxPart([fresh, id ?? ''])])).rejects.toMatchObject({
      name: 'UniqueViolationError',
      table: 'inbox',
    });
    expect(await knownMessages(executor, [fresh, id ?? ''])).toEqual(new Set([id]));
  });

  it('a purge deletes ids past their retention only, one chunk a call', async () => {
    const young = await remember(3, '13 days 23 hours');
    await remember(10, '14 days 1 second');
    const gone: number[] = [];
    do gone.push(await purgeInbox(executor, policy));
    while ((gone.at(-1) ?? 0) >= policy.purgeChunk);
    expect(gone).toEqual([4, 4, 2]);
    expect(await knownMessages(executor, young)).toEqual(new Set(young));
    expect(await remembered()).toBe(3);
  });

  it('the inbox stays bounded over months of purges, and messages that wait for an operator are kept', async () => {
    const daily = 300;
    const waiting = [await park('poisoned', 'a'), await park('held', 'a')];
    for (let day = 0; day < 60; day += 1) {
      await remember(daily, '0');
      const discarded = await park('poisoned', `day ${day}`);
      await lot.discard({ id: discarded });
      do expect(await remembered()).toBeLessThanOrEqual((policy.retainInboxDays + 1) * daily);
      while ((await purgeInbox(executor, { ...policy, purgeChunk: 1_000 })) >= 1_000);
      expect((await lot.counts()).discarded).toBeLessThanOrEqual(policy.retainDiscardedDays + 1);
      await dayPasses();
    }
    await purgeInbox(executor, { ...policy, purgeChunk: 10_000 });
    expect(await remembered()).toBe((policy.retainInboxDays - 1) * daily);
    expect(await lot.counts()).toEqual({ poisoned: 1, held: 1, discarded: policy.retainDiscardedDays - 1 });
    expect(idsOf(await lot.list({ limit: 2 }))).toEqual(waiting);
  });

  /** A second more than a day, so that no row is exactly as old as its bound. */
  async function dayPasses(): Promise<void> {
    const earlier = `- interval '1 day 1 second'`;
    await database.pool.query(`UPDATE inbox SET received_at = received_at ${earlier}`);
    await database.pool.query(
      `UPDATE parked_message SET parked_at = parked_at ${earlier}, changed_at = changed_at ${earlier}`,
    );
  }

  it('the inbox keeps the id of a parked message as long as the message is parked', async () => {
    const parked = await park('poisoned');
    await write(executor, [inboxPart([parked])]);
    await database.pool.query(`UPDATE inbox SET received_at = now() - interval '100 days'`);
    expect(await purgeInbox(executor, policy)).toBe(0);
    await write(executor, [unparkPart([{ id: parked }])]);
    expect(await purgeInbox(executor, policy)).toBe(1);
  });

  it('a purge deletes discarded messages past their retention, and never poisoned or held ones', async () => {
    const ids = [
      await park('poisoned', 'a'),
      await park('poisoned', 'b'),
      await park('held', 'a'),
      await park('poisoned', 'c'),
    ];
    await lot.discard({ id: ids[0] ?? '' });
    await lot.discard({ id: ids[3] ?? '' });
    await database.pool.query(`UPDATE parked_message SET changed_at = now() - interval '31 days' WHERE key <> 'c'`);
    expect(await purgeInbox(executor, policy)).toBe(1);
    expect(idsOf(await lot.list({ limit: 10 }))).toEqual(ids.slice(1));
  });

  it('a purge deletes what operators did past its retention, one chunk a call', async () => {
    const discard = async (reason: string): Promise<void> => {
      const id = await park('poisoned');
      await lot.discard({ id }, { id: newId(), messageId: id, action: 'discard', by: 'ada', reason });
    };
    for (let n = 0; n < 5; n++) await discard('old');
    await database.pool.query(`UPDATE parked_operation SET acted_at = now() - interval '91 days'`);
    await discard('young');
    expect([await purgeInbox(executor, policy), await purgeInbox(executor, policy)]).toEqual([4, 1]);
    expect(await new ParkedOperations(executor).list({ limit: 10 })).toMatchObject([{ reason: 'young' }]);
  });
});

describe('the id of a message', () => {
  it('the deduplication id of a CloudEvent is its own id in lower case', () => {
    const id = newId();
    expect(dedupeIdOf(aDelivered({ headers: { ce_id: id.toUpperCase() } }))).toBe(id);
  });

  it('the deduplication id of another record is derived from its place in Kafka, the same at each delivery', () => {
    const message = aDelivered({ headers: { ce_id: 'not one' } });
    expect(dedupeIdOf(message)).toBe(dedupeIdOf({ ...message, headers: {} }));
    const elsewhere = [{ topic: 't' }, { partition: 9 }, { offset: '999' }, { timestamp: 1 }].map((where) =>
      dedupeIdOf({ ...message, ...where }),
    );
    expect(new Set([dedupeIdOf(message), ...elsewhere]).size).toBe(5);
  });
});
