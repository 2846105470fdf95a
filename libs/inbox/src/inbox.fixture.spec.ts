import { ASSERT_ROWS_SQL, write, type Executor } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { dedupeIdOf, INBOX_SQL, ParkingLot, parkPart, type Delivered, type Parking } from './index.js';

/* What the specs of the inbox share (no spec itself). */

export let database: TestDatabase;
export let executor: Executor;
export let lot: ParkingLot;

/** For the specs of a file: the tables of the inbox on a real PostgreSQL, empty before each. */
export function inboxOnPostgres(): void {
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query(`${ASSERT_ROWS_SQL};${INBOX_SQL}`);
    executor = database.pool as unknown as Executor;
    lot = new ParkingLot(executor);
  });
  afterAll(() => database.drop());
  beforeEach(() => database.pool.query('TRUNCATE inbox, parked_message, parked_operation'));
}

let offset = 0;
export const aDelivered = (changes: Partial<Delivered> = {}): Delivered => ({
  topic: 'counter.events',
  partition: 1,
  offset: String(offset++),
  key: 'k',
  headers: { ce_id: newId(), ce_type: 'CakeWished' },
  value: '{}',
  timestamp: 1_900_000_000_000,
  ...changes,
});

/** Parks a message. @returns its id */
export async function park(state: Parking['state'], key = 'k', delivered: Partial<Delivered> = {}): Promise<string> {
  const message = aDelivered({ key, ...delivered });
  await write(executor, [parkPart([{ delivered: message, state, cause: 'handler_failed', error: 'no' }])]);
  return dedupeIdOf(message);
}
export const idsOf = (parked: readonly { readonly id: string }[]) => parked.map(({ id }) => id);
