import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tables } from '@backstep/concurrency';
import { fencedBy, NamedLocks, type Lease } from '@backstep/locks';
import { newId } from '@backstep/messages';
import { decideRequest, type RequestHandler } from '@backstep/unit-of-work';
import type { TransferView } from '@backstep/contracts/http';
import { randomUUID } from 'node:crypto';
import { Account } from '../account/account.entity.js';
import { moneyThatIsWrong } from './books.fixture.spec.js';
import { transferMoney, type TransferOrder } from './transfer-money.handler.js';
import { TransferKit } from './transfers.fixture.spec.js';

/**
 * Goal: money is right by the versions of the accounts alone, whatever a lock store says, and by locks with their fence alone. Without both it
 * is not, and the books show it: the harness does race.
 * Method: three instances carry out transfers between three accounts, each under locks of both. The locks are real, or grant everything to
 * everybody; the version check of accounts is there, or taken out of the SQL.
 */
const OPENED = [5_000, 5_000, 5_000];
const SUM = 15_000;
const INSTANCES = 3;
const TRANSFERS = 60;

let kit: TransferKit;
beforeAll(async () => {
  kit = await TransferKit.start();
}, 60_000);
afterAll(() => kit.stop());

interface Held {
  readonly leases: readonly Lease[];
}
type WithLocks = <T>(names: readonly string[], work: (held: Held) => Promise<T>) => Promise<T>;

/** Grants everything to everybody: the leases are in no table. */
const liar: WithLocks = (names, work) =>
  work({ leases: names.map((name) => ({ name, holder: randomUUID(), epoch: 1 })) });

function real(): WithLocks {
  const locks = new NamedLocks({ executor: kit.instance().executor });
  return (names, work) => locks.with(names, { waitMs: 60_000, leaseMs: 60_000 }, work);
}

/** The transfer as it is, written only if the locks are held. */
const under = ({ leases }: Held): RequestHandler<TransferOrder, TransferView> =>
  ({
    needs: transferMoney.needs,
    decide: (order: TransferOrder, rows: never, context: never) => {
      const decided = decideRequest(transferMoney, order, transferMoney.needs(order), rows, context);
      return { ...decided, changes: [...decided.changes, fencedBy({ leases })] };
    },
  }) as never;

/** An update of an account finds its row by the key, whatever its version. */
function unchecked(tables: Tables): void {
  const table = tables.of(Account);
  const sql = table.writes.update.sql.replace(/ AND t\."version" = ANY\(.*?\]\)/, '');
  expect(sql).not.toBe(table.writes.update.sql);
  Object.assign(table, { writes: { ...table.writes, update: { ...table.writes.update, sql } } });
}

async function storm(locksOf: () => WithLocks, { fenced, checked }: { fenced: boolean; checked: boolean }) {
  const accounts = await kit.open(OPENED, 0);
  const instance = async (number: number): Promise<void> => {
    const { unitOfWork } = kit.instance(checked ? undefined : unchecked);
    const withLocks = locksOf();
    for (let n = 0; n < TRANSFERS; n++) {
      const from = accounts[(number + n) % 3] as string;
      const to = accounts[(number + n + 1 + (n % 2)) % 3] as string;
      const order = {
        id: newId(),
        from,
        to,
        amount: 1 + ((number * 7 + n * 3) % 11),
        currency: 'EUR',
        reference: null,
      };
      await withLocks([from, to], (held) => unitOfWork.request(fenced ? under(held) : transferMoney, order));
    }
  };
  await Promise.all(Array.from({ length: INSTANCES }, (_, number) => instance(number)));
  const books = await kit.books();
  expect(books.transfers).toHaveLength(INSTANCES * TRANSFERS);
  return [...moneyThatIsWrong(books, SUM)];
}

describe('transfers between the same accounts by three instances', () => {
  it('transfers are right by the versions, with locks that grant everything to everybody', async () => {
    expect(await storm(() => liar, { fenced: false, checked: true })).toEqual([]);
  });

  it('transfers are right by their locks, with no version of an account checked', async () => {
    expect(await storm(real, { fenced: true, checked: false })).toEqual([]);
  });

  it('transfers are wrong with neither, and the books show it', async () => {
    expect(await storm(() => liar, { fenced: false, checked: false })).not.toEqual([]);
  });
});
