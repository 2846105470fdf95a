import { describe, expect, it } from '@jest/globals';
import type { Account, Transfer } from '../shared/representations.js';
import { transferText } from '../transfer/render-transfer.js';
import { accountText } from './render-account.js';

/** Goal: a person reads what an account covers, and why a transfer was refused. Method: what is printed, plain. */
const ID = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
const OTHER = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b41';

describe('money at the terminal', () => {
  it('an account shows its balance, and what it covers with its overdraft limit', () => {
    const account: Account = { id: ID, currency: 'EUR', balance: -1_250, overdraftLimit: 5_000, version: 7 };
    const text = accountText(account);
    expect(text).toContain(`${ID} (version 7)`);
    expect(text).toMatch(/Balance +-12\.50 EUR/);
    expect(text).toMatch(/Covers +37\.50 EUR/);
  });

  it('a transfer shows why it was rejected, and nothing in its reference that a terminal obeys', () => {
    const transfer: Transfer = {
      id: ID,
      from: ID,
      to: OTHER,
      amount: 990,
      currency: 'EUR',
      reference: 'rent\u001b[2J',
      status: 'REJECTED',
      reason: 'insufficient_funds',
    };
    const text = transferText(transfer);
    expect(text).toMatch(/Status +REJECTED/);
    expect(text).toMatch(/Why +insufficient_funds/);
    expect(text).not.toContain('\u001b');
    expect(transferText({ ...transfer, reference: null, status: 'APPLIED', reason: null })).not.toMatch(
      /Why|Reference/,
    );
  });
});
