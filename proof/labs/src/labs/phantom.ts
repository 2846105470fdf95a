import {
  OptimisticLockError,
  retryTransaction,
  TransactionRetryError,
  translate,
  Version,
  VersionedRepository,
} from '@backstep/concurrency';
import type pg from 'pg';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import type { Lab } from '../lab.js';
import type { Party, Pause } from '../party.js';
import type { Stage } from '../stage.js';

/** Stands for the set of its bookings. */
@Entity('room')
class Room {
  @PrimaryColumn('text') name!: string;
  @Column('integer') beds!: number;
  @Version() version!: number;
}

const BEDS = 2;
const COUNT = `SELECT count(*)::int AS n FROM booking WHERE room = 'blue'`;
const BOOK = `INSERT INTO booking VALUES ($1, 'blue')`;
const COUNTED = 'has counted';

const booked = async (stage: Stage): Promise<number> => (await stage.row<{ n: number }>(COUNT)).n;

/** Both have counted before either books; then Ana ends before Ben books. */
async function bothCountThenBook(
  stage: Stage,
  book: (party: Party) => Promise<(pause: Pause) => Promise<unknown>>,
): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  ana.begins(await book(ana));
  await ana.comesTo(COUNTED);
  ben.begins(await book(ben));
  await ben.comesTo(COUNTED);
  await ana.succeeds();
  await ben.succeeds();
}

/** Counts, and books when a bed is free: one transaction. */
async function bookIn(party: Party, client: pg.Client, pause: Pause): Promise<void> {
  const n = (await client.query<{ n: number }>(COUNT)).rows[0]?.n ?? 0;
  party.note(`counts ${n} of ${BEDS}: ${n < BEDS ? 'a bed is free' : 'full. Books nothing'}`);
  await pause(COUNTED);
  if (n < BEDS) await client.query(BOOK, [party.name]);
  await client.query('COMMIT');
  if (n < BEDS) party.note('books; committed');
}

const unchecked = async (party: Party) => {
  const client = await party.client();
  return async (pause: Pause) => {
    await client.query('BEGIN');
    await bookIn(party, client, pause);
  };
};

/** Reads the room before it counts: who books meanwhile has touched the room after that. */
const withTheRoom = async (party: Party) => {
  const dataSource = await party.dataSource();
  const attempt = async (manager: EntityManager, pause: Pause): Promise<boolean> => {
    const room = await manager.findOneByOrFail(Room, { name: 'blue' });
    const [counted] = await manager.query<{ n: number }[]>(COUNT);
    const n = counted?.n ?? 0;
    const isFree = n < room.beds;
    party.note(`reads the room, version ${room.version}; counts ${n} of ${room.beds}${isFree ? '' : ': full'}`);
    await pause(COUNTED);
    if (!isFree) return false;
    await manager.query(BOOK, [party.name]);
    await new VersionedRepository(Room, manager).update([room]);
    return true;
  };
  return async (pause: Pause) => {
    const hasBooked = await retryTransaction(dataSource, (manager) =>
      attempt(manager, pause).catch((error: unknown) => {
        if (error instanceof OptimisticLockError)
          party.note(
            `books, and touches the room: refused, found version ${error.actualVersion}. The booking is undone too`,
          );
        throw error;
      }),
    );
    party.note(hasBooked ? 'books, and touches the room; committed' : 'books nothing');
  };
};

/** The SQL of the unprotected side, run again where PostgreSQL refuses it. */
const serializable = async (party: Party) => {
  const client = await party.client();
  return async (pause: Pause) => {
    for (;;) {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
      try {
        return await bookIn(party, client, pause);
      } catch (thrown) {
        const error = translate(thrown);
        await client.query('ROLLBACK');
        if (!(error instanceof TransactionRetryError)) throw error;
        party.note(`books: refused (${error.sqlState})`);
      }
    }
  };
};

const wasRefused = (stage: Stage): boolean =>
  stage.steps.some(({ by, what }) => by === 'Ben' && what.includes('refused'));

export const phantom: Lab = {
  entities: [Room],
  tables: `
    CREATE TABLE room (name text PRIMARY KEY, beds integer NOT NULL, version bigint NOT NULL);
    CREATE TABLE booking (guest text PRIMARY KEY, room text NOT NULL REFERENCES room)`,
  rows: `
    TRUNCATE room, booking;
    INSERT INTO room VALUES ('blue', ${BEDS}, 1);
    INSERT INTO booking VALUES ('Cora', 'blue')`,
  without: {
    title: `a room of ${BEDS} beds, one is taken; each counts the bookings and books`,
    play: async (stage) => {
      await bothCountThenBook(stage, unchecked);
      stage.shows(
        (await booked(stage)) === 3,
        'Three are booked into two beds: neither had read a row that the other wrote.',
      );
    },
  },
  with: [
    {
      title: 'the same, and each touches the row of the room',
      play: async (stage) => {
        await bothCountThenBook(stage, withTheRoom);
        stage.shows(
          wasRefused(stage),
          'The room stands for the set of its bookings: its version has moved, so Ben was refused.',
        );
        stage.shows((await booked(stage)) === BEDS, 'Two are booked: Ben has counted again.');
      },
    },
    {
      title: 'the SQL of the unprotected side, SERIALIZABLE, and run again',
      play: async (stage) => {
        await bothCountThenBook(stage, serializable);
        stage.shows(
          wasRefused(stage),
          'PostgreSQL knows who has counted what: it refused Ben, at his INSERT or at his COMMIT.',
        );
        stage.shows((await booked(stage)) === BEDS, 'Two are booked: Ben has counted again.');
      },
    },
  ],
};
