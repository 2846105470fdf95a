import { Argument, type Command } from 'commander';
import { Api } from '../shared/api.js';
import { uuid } from '../shared/arguments.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import type { Account } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { openAccount } from './open-account.command.js';
import { accountText } from './render-account.js';

/** `backstep account <id>`: its balance. `backstep account open`: a new one. */
export function account(program: Command): void {
  const command = program
    .command('account')
    .description('show the balance of an account, or open one')
    .addArgument(new Argument('[id]', "the account's id").argParser(uuid))
    // Both `account` and `account open` have --json: where it stands says whose it is.
    .enablePositionalOptions()
    .action(async (id: string | undefined, options: CommonOptions) => {
      if (id === undefined)
        throw new UsageError('Which account? `backstep account <id>` shows one, `backstep account open` opens one.');
      const found = await new Api(await gatewayOf(options)).get<Account>(`/v1/accounts/${id}`);
      if (options.json) printJson(found);
      else print(accountText(found, paint));
    });
  openAccount(command);
  teach(
    withCommonOptions(command),
    ['account "$ACCOUNT"', 'account open --balance 10000 --overdraft 500'],
    [[EXIT.notFound, 'there is no such account']],
  );
}
