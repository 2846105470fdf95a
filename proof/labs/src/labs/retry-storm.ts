import { OptimisticLockError, retryTransaction, Version, VersionedRepository } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn, type DataSource, type EntityManager } from 'typeorm';
import { NotShownError } from '../errors.js';
import type { Lab, Scene } from '../lab.js';
import type { Party, Pause } from '../party.js';
import type { Stage } from '../stage.js';
import { COUNTER_ROW, COUNTER_TABLE, triesAtOnce, triesWithJitter } from './retry-storm-attempts.js';

@Entity('account')
class Account {
  @PrimaryColumn('text') name!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

const READ = 'has read';
const ATTEMPTS = 3;
const CENTS = 10;

const readIn = (manager: EntityManager, name: string): Promise<Account> => manager.findOneByOrFail(Account, { name });

const plus = (account: Account, cents: number): Account => ({ ...account, balance: account.balance + cents });

/** @returns the version that was found instead, when the write is refused */
async function refusedBy(write: Promise<unknown>): Promise<number | undefined> {
  try {
    await write;
    return undefined;
  } catch (error) {
    if (error instanceof OptimisticLockError) return error.actualVersion;
    throw error;
  }
}

async function paysIn(party: Party, name: string, cents: number): Promise<void> {
  const { manager } = await party.dataSource();
  await party.does(
    async () => {
      const [written] = await new VersionedRepository(Account, manager).update([
        plus(await readIn(manager, name), cents),
      ]);
      return written;
    },
    (written) => `pays ${cents} into ${name}: version ${written?.version}`,
  );
}

const balances = async (stage: Stage): Promise<Record<string, number>> => {
  const rows = await stage.rows<{ name: string; balance: number }>('SELECT name, balance FROM account');
  return Object.fromEntries(rows.map(({ name, balance }) => [name, balance]));
};

/** What a persistence context does by itself: whoever reads again is given the object that is there already. */
const keepsTheEntity: Scene = {
  title: 'the write is tried again with the entity that was read before',
  play: async (stage) => {
    const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
    const { manager } = await ana.dataSource();
    const account = await ana.does(
      () => readIn(manager, 'left'),
      ({ version }) => `reads left: version ${version}`,
    );
    await paysIn(ben, 'left', 5);
    const found: (number | undefined)[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++)
      found.push(
        await ana.does(
          () => refusedBy(new VersionedRepository(Account, manager).update([plus(account, CENTS)])),
          (actual) =>
            `attempt ${attempt}: writes where the version is ${account.version}: ${actual === undefined ? 'accepted' : `refused, found ${actual}`}`,
        ),
      );
    stage.shows(
      found.every((actual) => actual === 2),
      'Nobody has written since, and no attempt can succeed: each compares with the version that was read first.',
    );
  },
};

/** Takes from left and gives to right, in the transaction of `manager`. */
async function transfer(party: Party, manager: EntityManager, pause: Pause): Promise<void> {
  const accounts = new VersionedRepository(Account, manager);
  const [left, right] = [await readIn(manager, 'left'), await readIn(manager, 'right')];
  party.note(`reads left: version ${left.version}, right: version ${right.version}`);
  await pause(READ);
  await accounts.update([plus(left, -CENTS)]);
  party.note(`takes ${CENTS} from left`);
  try {
    await accounts.update([plus(right, CENTS)]);
  } catch (error) {
    if (error instanceof OptimisticLockError)
      party.note(`gives ${CENTS} to right: refused, found version ${error.actualVersion}`);
    throw error;
  }
  party.note(`gives ${CENTS} to right`);
}

/** Ben pays into right once Ana has read. */
async function benComesBetween(
  stage: Stage,
  script: (ana: Party, dataSource: DataSource) => (pause: Pause) => Promise<unknown>,
): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  ana.begins(script(ana, await ana.dataSource()));
  await ana.comesTo(READ);
  await paysIn(ben, 'right', 5);
  await ana.succeeds();
  if (!stage.steps.some(({ what }) => what.includes('refused'))) throw new NotShownError('Ana was to be refused once');
}

const catchesInside: Scene = {
  title: 'a transfer catches the conflict of its second write, inside its transaction',
  play: async (stage) => {
    await benComesBetween(stage, (ana, dataSource) => async (pause) => {
      await dataSource.transaction(async (manager) => {
        await transfer(ana, manager, pause).catch((error: unknown) => {
          if (!(error instanceof OptimisticLockError)) throw error;
          ana.note('catches it, logs it, returns');
        });
      });
      ana.note('committed');
    });
    const { left, right } = await balances(stage);
    stage.shows(
      left === 100 - CENTS && right === 105,
      `left has ${left}, right ${right}: half a transfer is committed, and ${CENTS} are gone.`,
    );
  },
};

const runsAllAgain: Scene = {
  title: 'the same transfer in retryTransaction: all of it is undone, and runs again from its reads on',
  play: async (stage) => {
    await benComesBetween(stage, (ana, dataSource) => async (pause) => {
      await retryTransaction(dataSource, (manager) => transfer(ana, manager, pause));
      ana.note('committed');
    });
    const { left, right } = await balances(stage);
    stage.shows(
      left === 100 - CENTS && right === 105 + CENTS,
      `left has ${left}, right ${right}: the second attempt has read what Ben left.`,
    );
  },
};

export const retryStorm: Lab = {
  entities: [Account],
  tables: `
    CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL, version bigint NOT NULL);
    ${COUNTER_TABLE}`,
  rows: `TRUNCATE account; INSERT INTO account VALUES ('left', 100, 1), ('right', 100, 1); ${COUNTER_ROW}`,
  without: [triesAtOnce, keepsTheEntity, catchesInside],
  with: [triesWithJitter, runsAllAgain],
};
