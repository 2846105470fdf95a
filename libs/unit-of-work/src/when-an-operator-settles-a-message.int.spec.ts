import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import type { ParkedAction } from '@backstep/inbox';
import { delivered, ReturnIngredients, reserve, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: an operator settles a parked message once, on what was seen; who, why and what came of it is kept; a dry run says what would be and
 * leaves nothing. Method: a tiny kitchen on a real PostgreSQL. The supply of sugar is too small for what is asked, by a CHECK of its table.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

const ada = { by: 'ada', reason: 'INC-7' };
const TOO_MUCH = 4;

const moreSugar = () =>
  kitchen.database.pool.query(`UPDATE supply SET "left" = 10, version = version + 1 WHERE ingredient = 'sugar'`);

/** A message that the database refuses, and two that are held behind it. */
async function parked() {
  const { consumer, unitOfWork, relay } = kitchen.instance();
  const bad = reserve('sugar', TOO_MUCH);
  const behind = [aMessage(ReturnIngredients, bad.data), aMessage(ReturnIngredients, bad.data)];
  await consumer.deliver([bad, ...behind].map((message) => delivered(message)));
  const target = (action: ParkedAction, expectedVersion = 1) => ({ id: bad.id, action, expectedVersion });
  return {
    ...{ consumer, unitOfWork, relay, bad, behind, target },
    settler: consumer.parked,
    lot: unitOfWork.parkingLot,
    operations: unitOfWork.parkedOperations,
  };
}

/** All that a write could have changed. */
async function everything(): Promise<unknown> {
  const rows = await Promise.all(
    ['inbox', 'outbox', 'parked_message', 'parked_operation', 'supply', 'hold'].map(async (table) => {
      const { rows: all } = await kitchen.database.pool.query(`SELECT * FROM ${table} ORDER BY 1`);
      return [table, all];
    }),
  );
  return Object.fromEntries(rows);
}

describe('an operator’s replay', () => {
  it('a replay handles the message and then those behind it, in order, and it is kept who did it and why', async () => {
    const { settler, target, bad, behind, relay, lot, operations } = await parked();
    await moreSugar();
    const settled = await settler.settle({ ...target('replay'), operator: { ...ada, requestId: 'r-1' } });
    expect(settled).toMatchObject({ state: 'handled', replayed: false, message: { id: bad.id, attempts: 1 } });
    expect(settled.released.map(({ id }) => id)).toEqual(behind.map(({ id }) => id));
    await relay.drained();
    const told = kitchen.published.filter(({ key }) => key === bad.data.cakeId);
    expect(told.map(({ headers }) => headers['ce_causationid'])).toEqual([bad.id, ...behind.map(({ id }) => id)]);
    expect(await lot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    expect(await operations.list({ limit: 10 })).toMatchObject([
      {
        ...{ action: 'replay', outcome: 'handled', by: 'ada', reason: 'INC-7', requestId: 'r-1' },
        message: { id: bad.id, key: bad.data.cakeId, type: 'TakeIngredients', topic: 'kitchen.commands' },
      },
    ]);
  });

  it('a replay that fails again moves the message on, and it is kept that it was tried', async () => {
    const { settler, target, lot, operations } = await parked();
    await expect(settler.settle({ ...target('replay'), operator: ada })).rejects.toThrow('failed again');
    expect(await lot.look(target('replay').id)).toMatchObject({ state: 'poisoned', version: 2, held: 2 });
    expect(await operations.list({ limit: 10 })).toMatchObject([
      { outcome: 'poisoned', by: 'ada', message: { cause: 'handler_failed', attempts: 1 } },
    ]);
    await expect(settler.settle({ ...target('replay'), operator: ada })).rejects.toMatchObject({
      name: 'ParkedMovedOnError',
      current: { version: 2, state: 'poisoned' },
      settled: undefined,
    });
  });

  it('of two operators who saw the same, one settles the message, and the other is told who has', async () => {
    const { settler, target, operations } = await parked();
    await moreSugar();
    const others = kitchen.instance().consumer.parked;
    const outcomes = await Promise.allSettled([
      settler.settle({ ...target('replay'), operator: ada }),
      others.settle({ ...target('discard'), operator: { by: 'bob', reason: 'not needed' } }),
    ]);
    const [won] = outcomes.filter(({ status }) => status === 'fulfilled');
    const [lost] = outcomes.filter((one) => one.status === 'rejected');
    expect(won).toBeDefined();
    const [stored, ...more] = await operations.list({ limit: 10 });
    expect(more).toEqual([]);
    expect(lost?.reason).toMatchObject({ name: 'ParkedMovedOnError', settled: { by: stored?.by } });
  });

  it('a message that was tried again while its replay was on its way is not settled by it', async () => {
    const { settler, target, lot, unitOfWork } = await parked();
    await moreSugar();
    const submit = unitOfWork.submit.bind(unitOfWork);
    // Somebody else's replay fails between the look and the write.
    unitOfWork.submit = (works) => {
      unitOfWork.submit = submit;
      void lot.failedAgain(target('replay').id, 'handler_failed', 'by somebody else').then(() => submit(works));
    };
    await expect(settler.settle({ ...target('replay'), operator: ada })).rejects.toMatchObject({
      name: 'ParkedMovedOnError',
      current: { version: 2, state: 'poisoned' },
    });
    expect(await kitchen.left('sugar')).toBe(10);
  });

  it('what was never parked is not found, whatever version is named', async () => {
    const { settler } = await parked();
    const nobody = { id: newId(), action: 'discard', expectedVersion: 1, operator: ada } as const;
    await expect(settler.settle(nobody)).rejects.toMatchObject({ name: 'NotParkedError' });
  });

  it('of a key’s poisoned messages the first is settled first: none overtakes what is held between them', async () => {
    const { consumer, settler, target, bad, behind, relay } = await parked();
    const second = aMessage(ReturnIngredients, bad.data);
    await consumer.deliver([delivered(second, { value: '{' })]);
    await expect(
      settler.settle({ id: second.id, action: 'replay', expectedVersion: 1, operator: ada }),
    ).rejects.toMatchObject({ name: 'ReplayFailedError', message: expect.stringContaining(bad.id) });
    await settler.settle({ ...target('discard'), operator: ada });
    await relay.drained();
    expect(kitchen.published.map(({ headers }) => headers['ce_causationid'])).toEqual(behind.map(({ id }) => id));
  });
});

describe('an operator’s discard', () => {
  it('a discard is kept with who did it, and releases what was held', async () => {
    const { settler, target, lot, behind, operations } = await parked();
    const settled = await settler.settle({ ...target('discard'), operator: ada });
    expect(settled.released.map(({ id }) => id)).toEqual(behind.map(({ id }) => id));
    expect(await lot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 1 });
    expect(await operations.list({ limit: 10, by: 'ada', action: 'discard' })).toHaveLength(1);
    expect(await operations.list({ limit: 10, by: 'bob' })).toEqual([]);
  });

  it.each([
    ['a discarded message', 'discard', 2, 'given up'],
    ['a discarded message', 'replay', 2, 'given up'],
  ] as const)('%s takes no %s any more', async (_, action, version, says) => {
    const { settler, target } = await parked();
    await settler.settle({ ...target('discard'), operator: ada });
    await expect(settler.settle({ ...target(action, version), operator: ada })).rejects.toThrow(says);
  });

  it('a held message is not settled by itself', async () => {
    const { settler, behind } = await parked();
    const held = { id: behind[0]?.id ?? '', expectedVersion: 1, operator: ada };
    for (const action of ['replay', 'discard'] as const)
      await expect(settler.settle({ ...held, action })).rejects.toThrow('waits behind another');
  });
});

describe('an idempotency key', () => {
  const keyed = { ...ada, key: 'k-1' };

  it.each(['replay', 'discard'] as const)('a %s that comes again with its key is done once', async (action) => {
    const { settler, target, operations } = await parked();
    await moreSugar();
    const first = await settler.settle({ ...target(action), operator: keyed });
    const again = await settler.settle({ ...target(action), operator: keyed });
    expect(again).toEqual({ ...first, released: [], replayed: true });
    expect(await operations.list({ limit: 10 })).toHaveLength(1);
  });

  it('a key that was used for another reason is refused', async () => {
    const { settler, target } = await parked();
    await settler.settle({ ...target('discard'), operator: keyed });
    const other = { ...keyed, reason: 'INC-8' };
    await expect(settler.settle({ ...target('discard'), operator: other })).rejects.toMatchObject({
      name: 'ParkedKeyReusedError',
    });
  });
});

describe('a dry run', () => {
  it('a dry run of a replay tells the rows and messages of its decision, and what would follow; nothing is written or sent', async () => {
    const { settler, target, bad, behind, relay } = await parked();
    await moreSugar();
    const before = await everything();
    const { cakeId } = bad.data;
    expect(await settler.dryRun(target('replay'))).toMatchObject({
      state: 'handled',
      released: behind.map(({ id }) => ({ id })),
      failure: undefined,
      decision: {
        rows: [
          { table: 'hold', key: cakeId, from: null, to: { version: 1, state: null } },
          { table: 'supply', key: 'sugar', from: { version: 2 }, to: { version: 3 } },
        ],
        messages: [{ type: 'IngredientsTaken', topic: 'kitchen.events', key: cakeId, data: bad.data }],
        effects: [],
        truncated: false,
      },
    });
    await relay.drained();
    expect(await everything()).toEqual(before);
    expect(kitchen.published).toEqual([]);
  });

  it('a dry run of a replay that the database would refuse says so, and counts as no try', async () => {
    const { settler, target } = await parked();
    const before = await everything();
    expect(await settler.dryRun(target('replay'))).toMatchObject({
      ...{ state: 'poisoned', released: [], decision: undefined },
      failure: { cause: 'handler_failed', error: expect.stringContaining('supply_left_check') },
    });
    expect(await everything()).toEqual(before);
  });

  it('a dry run of a discard tells what would follow, and writes nothing', async () => {
    const { settler, target, behind } = await parked();
    const before = await everything();
    const told = await settler.dryRun(target('discard'));
    expect(told).toMatchObject({ state: 'discarded', decision: undefined, failure: undefined });
    expect(told.released.map(({ id }) => id)).toEqual(behind.map(({ id }) => id));
    expect(await everything()).toEqual(before);
  });

  it('a dry run on what has moved on is refused like the action itself', async () => {
    const { settler, target } = await parked();
    await expect(settler.dryRun(target('replay', 2))).rejects.toMatchObject({ name: 'ParkedMovedOnError' });
  });

  it('a dry run of a row that others write at the same time loses no update, and no message is parked for it', async () => {
    const { settler, target, consumer, lot } = await parked();
    await moreSugar();
    const flour = Array.from({ length: 20 }, () => delivered(reserve('flour', 1)));
    const sugar = Array.from({ length: 5 }, () => delivered(reserve('sugar', 1)));
    await Promise.all([
      ...Array.from({ length: 5 }, () => settler.dryRun(target('replay'))),
      consumer.deliver([...flour, ...sugar]),
    ]);
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([80, 5]);
    expect(await lot.counts()).toMatchObject({ poisoned: 1, held: 2 });
  });
});
