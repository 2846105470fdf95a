import { SERVICES } from '@backstep/contracts/topology';
import type { Command, Option } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize, wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { nextPage, paint, print, printError, printJson } from '../shared/output.js';
import type { ParkedMessage } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { parkedText } from './render-parked.js';
import { settle, type SettleAction, type SettleOptions } from './settle.js';

interface ListOptions extends CommonOptions {
  readonly service?: string;
  readonly state?: string;
  readonly key?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface ParkedPage extends Page<ParkedMessage> {
  /** Services that did not answer. */
  readonly unreachable?: readonly string[];
}

const VERSION_MAX = 999_999_999;

const serviceOption = (meaning: string): Option => choiceOption('--service <name>', meaning, SERVICES);

/** `backstep parked`: the messages that could not be handled, and what an operator does about them. */
export function parked(program: Command): void {
  const command = program
    .command('parked')
    .description('list the messages that could not be handled; replay or discard one')
    .addOption(serviceOption('only those parked at this service'))
    .addOption(choiceOption('--state <state>', 'only those', ['poisoned', 'held', 'discarded']))
    .option('--key <key>', 'only those with this key, such as the id of an order')
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    // `parked` and its subcommands have options of the same names: where they stand says whose they are.
    .enablePositionalOptions()
    .action(list);
  settleCommand(command, 'replay', 'handle a parked message again; what waited behind it follows');
  settleCommand(command, 'discard', 'give a parked message up; what waited behind it follows');
  teach(withCommonOptions(command), ['parked --state poisoned', 'parked replay 6a2c8f1d7b40 --dry-run']).addHelpText(
    'after',
    `
States:
  poisoned   it could not be handled; the cause and the error say why
  held       nothing is wrong with it: it waits behind a poisoned one of its key (\`Held\`: how many do)
  discarded  an operator gave it up`,
  );
}

async function list({ service, state, key, limit, cursor, ...where }: ListOptions): Promise<void> {
  const query = { service, state, key, limit, cursor };
  const page = await new Api(await gatewayOf(where)).get<ParkedPage>('/v1/parked', query);
  if (where.json) return printJson(page);
  print(parkedText(page.items, paint) + nextPage(page.nextCursor));
  // On stderr: what is missing from a list is not part of the list.
  if (page.unreachable?.length) printError(`Missing, because it did not answer: ${page.unreachable.join(', ')}`);
}

function settleCommand(parent: Command, action: SettleAction, description: string): void {
  const command = parent
    .command(action)
    .description(description)
    .addArgument(idArgument('<id>', "the message's id, as `backstep parked` lists it, or its end", ['parked message']))
    .addOption(serviceOption('where it is parked; needed only when several services have parked it'))
    .option('--reason <text>', 'why; kept by the service')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--by <name>', 'who acts; default: the user of this shell')
    .option('--if-version <version>', 'only if it still is at this version', wholeNumber(1, VERSION_MAX))
    .action((given: string, options: SettleOptions) => settle(given, action, options));
  teach(
    withCommonOptions(command),
    [`parked ${action} 6a2c8f1d7b40 --dry-run`, `parked ${action} 6a2c8f1d7b40 --reason "mended, INC-42"`],
    [
      [EXIT.notFound, 'no such message is parked'],
      [
        EXIT.refused,
        action === 'replay'
          ? 'it failed again and stays parked, or it has moved on since that version'
          : 'it could not be discarded, or it has moved on since that version',
      ],
    ],
  );
}
