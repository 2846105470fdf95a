import { RowsMismatchError, write, type Executor, type StatementPart } from '@backstep/concurrency';
import { NAMED_LOCKS_SQL, NamedLocks, type Held } from '@backstep/locks';
import { NotShownError } from '../errors.js';
import type { Lab } from '../lab.js';
import { errorOf, type Party } from '../party.js';
import type { Stage } from '../stage.js';

const NAME = 'price/7';
const PAUSE = 'a pause of its process';
/** Short, since the lab waits for its end. */
const ZOMBIES_LEASE_MS = 300;
const LEASE_MS = 60_000;
const WAIT_MS = 60_000;

const newPrice = (cents: number): StatementPart => ({
  name: 'price',
  sql: `UPDATE price SET cents = $1 WHERE item = '7'`,
  params: [cents],
  rows: 1,
});

interface Side {
  readonly ana: Party;
  readonly ben: Party;
  /** Of Ana, who wakes up. */
  writes(held: Held, cents: number, executor: Executor): Promise<void>;
}

async function takes(party: Party, leaseMs: number): Promise<{ held: Held; client: Executor }> {
  const client = await party.client();
  const held = await new NamedLocks({ executor: client }).acquire([NAME], { waitMs: WAIT_MS, leaseMs });
  return { held, client };
}

/** Ana takes the lock and is paused, as by a garbage collection or a frozen virtual machine; Ben waits for the end of her lease. */
async function overtakes({ ana, ben, writes }: Side): Promise<{ anas: Held; bens: Held }> {
  let anas: Held | undefined;
  ana.begins(async (pause) => {
    const { held, client } = await takes(ana, ZOMBIES_LEASE_MS);
    anas = held;
    ana.note(`takes the lock ${NAME} for ${ZOMBIES_LEASE_MS} ms`);
    ana.note('works out a price of 120, and is paused');
    await pause(PAUSE);
    await writes(held, 120, client);
  });
  await ana.comesTo(PAUSE);
  const { held: bens, client } = await ben.does(
    () => takes(ben, LEASE_MS),
    `waits until the lease is over, and takes the lock ${NAME}`,
  );
  await ben.does(() => write(client, [newPrice(90), bens.fence]), 'writes a price of 90');
  if (!anas || anas.epochOf(NAME) >= bens.epochOf(NAME))
    throw new NotShownError("Ben's epoch is not higher than Ana's");
  return { anas, bens };
}

const centsIn = async (stage: Stage): Promise<number> =>
  (await stage.row<{ cents: number }>(`SELECT cents FROM price WHERE item = '7'`)).cents;

export const zombieHolder: Lab = {
  entities: [],
  tables: `${NAMED_LOCKS_SQL}; CREATE TABLE price (item text PRIMARY KEY, cents integer NOT NULL)`,
  rows: `TRUNCATE named_lock, price; INSERT INTO price VALUES ('7', 100)`,
  without: {
    title: 'a lock with a timeout, and a write that trusts it',
    play: async (stage) => {
      const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
      const writes = async (_: Held, cents: number, executor: Executor): Promise<void> => {
        await write(executor, [newPrice(cents)]);
        ana.note(`goes on where she was: writes a price of ${cents}`);
      };
      await overtakes({ ana, ben, writes });
      await ana.succeeds();
      stage.shows(
        (await centsIn(stage)) === 120,
        "The price is 120: Ana's lock was over, and she has written over Ben's 90.",
      );
    },
  },
  with: {
    title: 'the same with the fence in the write: write(executor, [price, held.fence])',
    play: async (stage) => {
      const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
      const writes = async (held: Held, cents: number, executor: Executor): Promise<void> => {
        await write(executor, [newPrice(cents), held.fence]);
      };
      const { anas } = await overtakes({ ana, ben, writes });
      const error = errorOf(await ana.ends(), "Ana's write");
      if (!(error instanceof RowsMismatchError)) throw error;
      ana.note('goes on where she was: writes a price of 120, refused (RowsMismatchError)');
      stage.shows((await centsIn(stage)) === 90, "The price is 90: Ana's write has had no effect.");
      stage.shows(anas.signal.aborted, 'Her lock has told her, too: held.signal is aborted.');
    },
  },
};
