import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dedupeIdOf, type Delivered } from '@backstep/inbox';
import { delivered, Reserve, reserve, take, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: parking is the last resort and must not fail: the content of a message never stops its partition. Method: a real PostgreSQL that
 * refuses, by a trigger or a constraint, what parking stores.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());
afterEach(() =>
  kitchen.database.pool.query(`
    DROP TRIGGER IF EXISTS refuse ON parked_message; DROP FUNCTION IF EXISTS refuse;
    DROP INDEX IF EXISTS hold_made_at;`),
);

/** Parked rows for which `condition` holds are refused. */
const refuse = (condition: string, sqlState = 'P0001') =>
  kitchen.database.pool.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF ${condition} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '${sqlState}'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON parked_message FOR EACH ROW EXECUTE FUNCTION refuse();`);

const broken = (changes: Partial<Delivered> = {}): Delivered =>
  delivered(reserve('flour', 1), { value: '{not json', ...changes });

describe('a message that cannot be parked with what it holds', () => {
  it('a message whose content cannot be stored is parked as a stub with its offset, and the rest goes on', async () => {
    await refuse('NEW.value IS NOT NULL');
    const { consumer, unitOfWork } = kitchen.instance();
    const bad = broken({ key: 'k', offset: '77' });
    await consumer.deliver([bad, delivered(reserve('flour', 1))]);
    const stub = await unitOfWork.parkingLot.find(dedupeIdOf(bad));
    expect(stub).toMatchObject({
      ...{ state: 'poisoned', cause: 'unstorable', topic: 'kitchen.commands', partition: 0, offset: '77' },
      ...{ key: 'k', headers: {}, value: null, type: null, cut: true, sizeBytes: 9 },
    });
    expect(stub?.error).toBe('it could not be stored (error P0001); it was to be parked as bad_json');
    expect(await kitchen.left('flour')).toBe(99);
    await expect(consumer.replay(stub?.id ?? '')).rejects.toThrow(
      'is not kept whole (its value has 9 bytes), so it cannot be handled: discard it.',
    );
    expect(await consumer.discard(stub?.id ?? '')).toBe(true);
  });

  it('a message that cannot be stored even as a stub is passed over and reported with its offset', async () => {
    await refuse("NEW.kafka_offset = 77 AND NEW.topic = 'kitchen.commands'");
    const { consumer, unitOfWork, passedOver } = kitchen.instance();
    const bad = broken({ key: 'k', offset: '77' });
    await consumer.deliver([bad, broken({ key: 'other' }), delivered(reserve('flour', 1))]);
    expect(passedOver.unparkable).toEqual([bad]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a message is given back and delivered again when the database refuses every parking', async () => {
    await refuse('true', '42501');
    const { consumer, unitOfWork, passedOver } = kitchen.instance();
    const bad = broken({ key: 'k' });
    await expect(consumer.deliver([bad])).rejects.toMatchObject({ name: 'ParkingUnavailableError', retryable: true });
    expect(passedOver.unparkable).toEqual([]);
    await kitchen.database.pool.query('DROP TRIGGER refuse ON parked_message');
    await consumer.deliver([bad]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
  });
});

describe('a message that is parked already, and whose id the inbox has forgotten', () => {
  it('a parked message whose inbox row is gone is a duplicate when it comes again, and so are its followers', async () => {
    const { consumer, unitOfWork, counts } = kitchen.instance();
    const bad = broken({ key: 'k' });
    const behind = delivered(reserve('flour', 1), { key: 'k' });
    await consumer.deliver([bad, behind]);
    await kitchen.database.pool.query('DELETE FROM inbox');
    await consumer.deliver([bad, delivered(reserve('sugar', 1)), behind]);
    expect(counts.duplicates).toBe(2);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 1, discarded: 0 });
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([100, 2]);
  });

  it('a discarded message whose inbox row is gone is a duplicate when it comes again', async () => {
    const { consumer, unitOfWork, counts } = kitchen.instance();
    const bad = broken({ key: 'k' });
    await consumer.deliver([bad]);
    await consumer.discard(dedupeIdOf(bad));
    await kitchen.database.pool.query('DELETE FROM inbox');
    await consumer.deliver([bad]);
    expect(counts.duplicates).toBe(1);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 1 });
  });
});

describe('a unique violation that stays when the rows are read again', () => {
  /** All holds of the tiny kitchen are made at the same time. */
  const oneHoldOnly = () => kitchen.database.pool.query('CREATE UNIQUE INDEX hold_made_at ON hold (made_at)');

  it('a message that meets a lasting unique violation is parked, and the rest of its batch goes on', async () => {
    await oneHoldOnly();
    const { consumer, unitOfWork } = kitchen.instance();
    const [first, second, third] = ['flour', 'flour', 'sugar'].map((ingredient) => delivered(reserve(ingredient, 1)));
    await consumer.deliver([first, second, third] as Delivered[]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 2 });
    expect(await unitOfWork.parkingLot.find(dedupeIdOf(second as Delivered))).toMatchObject({
      cause: 'handler_failed',
      error: 'UniqueViolationError: hold: hold_made_at is violated',
    });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a request that meets a lasting unique violation is rejected with that error, not with a retryable one', async () => {
    await oneHoldOnly();
    const { consumer, unitOfWork } = kitchen.instance();
    await consumer.deliver([delivered(reserve('flour', 1))]);
    const handler = new Reserve();
    const command = reserve('flour', 1);
    const asRequest = {
      needs: () => handler.needs(command),
      decide: (_: null, state: Parameters<Reserve['decide']>[1]) => ({
        answer: null,
        changes: handler.decide(command, state),
      }),
    };
    await expect(unitOfWork.request(asRequest, null)).rejects.toMatchObject({ name: 'UniqueViolationError' });
    expect(await unitOfWork.request(take, 'flour')).toBe(98);
  });
});
