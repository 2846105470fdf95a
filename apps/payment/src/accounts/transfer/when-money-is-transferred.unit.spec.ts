import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Account } from '../account/account.entity.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { OpenAccountHandler, openAccountOnce } from '../open-account/open-account.handler.js';
import { transferMoney, type TransferOrder } from './transfer-money.handler.js';
import { Transfer } from './transfer.entity.js';

/**
 * Goal: a transfer moves its amount once, in both accounts and in the ledger, or moves nothing and says why.
 * Method: accounts that are opened and between which money is moved, in memory.
 */
const NOON = Date.UTC(2030, 0, 1, 12);
let rows: InMemoryRows;
let ada: string;
let bob: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Account, Transfer, LedgerEntry, IdempotencyKey], () => NOON);
  [ada, bob] = [open(10_000, { overdraftLimit: 500 }), open(0)];
});

function open(openingBalance: number, { currency = 'EUR', overdraftLimit = 0 } = {}): string {
  const id = newId();
  rows.request(new OpenAccountHandler(), { id, currency, openingBalance, overdraftLimit });
  return id;
}

const order = (from: string, to: string, amount: number, id = newId()): TransferOrder => ({
  id,
  from,
  to,
  amount,
  currency: 'EUR',
  reference: null,
});
const transfer = (...asked: Parameters<typeof order>) => rows.request(transferMoney, order(...asked)).answer;

const balances = () => [ada, bob].map((id) => rows.find(Account, id)?.balance);
const entries = () =>
  rows.all(LedgerEntry).map(({ account, amount, accountVersion }) => [account, amount, accountVersion]);
const added = (account?: string) =>
  rows
    .all(LedgerEntry)
    .filter((entry) => account === undefined || entry.account === account)
    .reduce((sum, { amount }) => sum + amount, 0);

describe('a transfer', () => {
  it('a transfer is APPLIED: both balances, and a pair of entries that name the versions which it made', () => {
    const id = newId();
    expect(transfer(ada, bob, 2_500, id)).toEqual({
      id,
      from: ada,
      to: bob,
      amount: 2_500,
      currency: 'EUR',
      reference: null,
      status: 'APPLIED',
      reason: null,
      settledAt: new Date(NOON).toISOString(),
    });
    expect(balances()).toEqual([7_500, 2_500]);
    expect(entries().slice(-2)).toEqual([
      [`account:${ada}`, 2_500, 2],
      [`account:${bob}`, -2_500, 2],
    ]);
    expect([added(), added(`account:${ada}`), added(`account:${bob}`)]).toEqual([0, -7_500, -2_500]);
  });

  it('a transfer beyond what the payer covers is REJECTED, and stays so: nothing but the refusal is stored', () => {
    const id = newId();
    const before = entries();
    expect(transfer(ada, bob, 10_501, id)).toMatchObject({ status: 'REJECTED', reason: 'insufficient_funds' });
    expect(balances()).toEqual([10_000, 0]);
    expect(entries()).toEqual(before);
    transfer(open(5_000), ada, 5_000);
    expect(transfer(ada, bob, 10_501, id)).toMatchObject({ status: 'REJECTED' });
    expect(balances()).toEqual([15_000, 0]);
  });

  it('a transfer may use the overdraft limit of its payer, which counts for nobody else', () => {
    expect(transfer(ada, bob, 10_500)).toMatchObject({ status: 'APPLIED' });
    expect(transfer(bob, ada, 10_501)).toMatchObject({ status: 'REJECTED' });
    expect(balances()).toEqual([-500, 10_500]);
  });

  it('a transfer that comes again is the same one, and one of another content under its id is refused', () => {
    const id = newId();
    const first = transfer(ada, bob, 100, id);
    expect(transfer(ada, bob, 100, id)).toEqual(first);
    expect(balances()).toEqual([9_900, 100]);
    expect(() => transfer(ada, bob, 101, id)).toThrow(
      expect.objectContaining({ problem: PROBLEMS.idempotencyKeyReused }),
    );
  });

  it.each([
    ['an account that was never opened', () => [newId(), bob], SHOP_PROBLEMS.unknownAccount, 'from'],
    ['a destination that was never opened', () => [ada, newId()], SHOP_PROBLEMS.unknownAccount, 'to'],
    ['another currency', () => [ada, open(0, { currency: 'USD' })], SHOP_PROBLEMS.otherCurrency, 'to'],
    ['one account twice', () => [ada, ada], PROBLEMS.validation, 'to'],
  ] as const)('a transfer with %s is refused, and the problem names the field', (_, parties, problem, field) => {
    const [from = '', to = ''] = parties();
    expect(() => transfer(from, to, 1)).toThrow(
      expect.objectContaining({ problem, errors: [expect.objectContaining({ in: 'body', field })] }),
    );
    expect(rows.all(Transfer)).toEqual([]);
  });
});

describe('an account', () => {
  it('an account is opened with a deposit that adds up to zero, or with nothing at all', () => {
    expect(added()).toBe(0);
    expect(entries()).toEqual([
      ['deposits', 10_000, null],
      [`account:${ada}`, -10_000, 1],
    ]);
  });

  it('an account is opened once for a key', () => {
    const sent = { currency: 'EUR', openingBalance: 5, overdraftLimit: 0 };
    const ask = () => rows.request(openAccountOnce, keyed('a', sent, { id: newId(), ...sent })).answer;
    const { answer } = ask();
    expect(ask()).toEqual({ answer, replayed: true });
    expect(rows.all(Account)).toHaveLength(3);
  });
});
