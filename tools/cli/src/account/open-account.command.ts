import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { wholeNumber } from '../shared/arguments.js';
import { teach } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import type { Account } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { accountText } from './render-account.js';

/** The most that one request pays in, minor units. */
const AMOUNT_MAX = 100_000_000_000;

interface OpenOptions extends CommonOptions {
  readonly currency: string;
  readonly balance: number;
  readonly overdraft: number;
  readonly key?: string;
}

/** `backstep account open` */
export function openAccount(parent: Command): void {
  const command = parent
    .command('open')
    .description('open an account')
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .option('--balance <amount>', 'what is paid in, minor units (cents)', wholeNumber(0, AMOUNT_MAX), 0)
    .option('--overdraft <amount>', 'how far below zero it may fall, minor units', wholeNumber(0, AMOUNT_MAX), 0)
    .option('--key <key>', 'Idempotency-Key: with the same key it is the same account (default: a new one)')
    .action(async ({ currency, balance, overdraft, key, ...where }: OpenOptions) => {
      const { body } = await new Api(await gatewayOf(where)).request<Account>('POST', '/v1/accounts', {
        headers: { 'idempotency-key': key ?? randomUUID() },
        body: { currency, openingBalance: balance, overdraftLimit: overdraft },
      });
      if (where.json) printJson(body);
      else print(accountText(body, paint));
    });
  teach(withCommonOptions(command), ['account open --balance 10000', 'account open --json | jq -r .id']);
}
