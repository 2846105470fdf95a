import { one, update } from '@backstep/unit-of-work';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { instanceOn, nothingCounted } from '../adaptive/instance.js';
import { LOST, Tally, untilAccepted } from '../strategies/strategy.js';
import { Engineer, nameOf, SIDES, type Side } from './engineer.js';

/** One way to let somebody leave only while the other of the pair stays. */
export interface Way {
  readonly about: string;
  /** Both of a pair may leave: it is there to show that the two do race. */
  readonly unsafe?: true;
  /** @param callers how many pairs decide at once */
  open(place: Place, callers: number): Promise<Leavers>;
}

export interface Place {
  readonly url: string;
  readonly dataSource: DataSource;
}

/** Two instances, or the sessions of two. */
export interface Leavers {
  leave(side: Side, caller: number, pair: string): Promise<void>;
  close(): Promise<void>;
}

interface Asked {
  readonly me: string;
  readonly other: string;
}
interface Found {
  readonly me: Engineer | undefined;
  readonly other: Engineer | undefined;
}

const askedBy = (side: Side, pair: string): Asked => ({
  me: nameOf(side, pair),
  other: nameOf(side === 0 ? 1 : 0, pair),
});

/** The handler as an application has it, in two instances of the unit of work. */
const byHandler = (hold: boolean): Way['open'] => {
  const leave = {
    needs: ({ me, other }: Asked) => ({ me: one(Engineer, me), other: one(Engineer, other, { hold }) }),
    decide: (_: Asked, { me, other }: Found) => ({
      answer: undefined,
      changes: me && other?.onCall ? [update(Engineer, me, { onCall: false })] : [],
    }),
  };
  return ({ url, dataSource }) => {
    const instances = SIDES.map(() => instanceOn(url, dataSource, nothingCounted()));
    return Promise.resolve({
      leave: async (side, _, pair) => instances[side]?.unitOfWork.request(leave, askedBy(side, pair)),
      close: async () => {
        for (const { stop } of instances) await stop();
      },
    });
  };
};

const SERIALIZATION_FAILURE = '40001';

/** A transaction of four statements, or of three where the other has left; run again where PostgreSQL refuses it as not serializable. */
const byHand = (begin: string, lock: string): Way['open'] => {
  const read = { name: 'pair', text: `SELECT name, on_call FROM engineer WHERE name IN ($1, $2) ORDER BY name${lock}` };
  const write = { name: 'leave', text: 'UPDATE engineer SET on_call = false, version = version + 1 WHERE name = $1' };

  async function attempt(client: pg.Client, { me, other }: Asked): Promise<true | typeof LOST> {
    await client.query(begin);
    try {
      const { rows } = await client.query<{ name: string; on_call: boolean }>({ ...read, values: [me, other] });
      if (rows.find(({ name }) => name === other)?.on_call) await client.query({ ...write, values: [me] });
      await client.query('COMMIT');
      return true;
    } catch (error) {
      await client.query('ROLLBACK');
      if ((error as { code?: unknown }).code === SERIALIZATION_FAILURE) return LOST;
      throw error;
    }
  }

  return async ({ url }, callers) => {
    const tally = new Tally();
    const sessions = SIDES.map(() => Array.from({ length: callers }, () => new pg.Client({ connectionString: url })));
    const all = sessions.flat();
    for (const session of all) session.on('error', () => undefined);
    const close = async (): Promise<void> => {
      await Promise.allSettled(all.map((session) => session.end()));
    };
    try {
      await Promise.all(all.map((session) => session.connect()));
    } catch (error) {
      await close();
      throw error;
    }
    const leave: Leavers['leave'] = async (side, caller, pair) => {
      const session = sessions[side]?.[caller] as pg.Client;
      await untilAccepted(tally, () => attempt(session, askedBy(side, pair)));
    };
    return { leave, close };
  };
};

export const WAYS = {
  hold: { about: 'the unit of work, the other held: one(Engineer, other, { hold: true })', open: byHandler(true) },
  'FOR UPDATE': { about: 'a transaction that locks both as it reads them', open: byHand('BEGIN', ' FOR UPDATE') },
  SERIALIZABLE: {
    about: 'a SERIALIZABLE transaction, run again on 40001',
    open: byHand('BEGIN ISOLATION LEVEL SERIALIZABLE', ''),
  },
  'not held': { about: 'the unit of work, the other only read', unsafe: true, open: byHandler(false) },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof WAYS;
