import { SERVICES } from '@backstep/contracts/topology';
import type { Command, Option } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { nextPage, paint, print, printError, printJson } from '../shared/output.js';
import type { ParkedMessage } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { parkedText } from './render-parked.js';

interface ListOptions extends CommonOptions {
  readonly service?: string;
  readonly state?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface ParkedPage extends Page<ParkedMessage> {
  /** Services that did not answer. */
  readonly unreachable?: readonly string[];
}

interface SettleOptions extends CommonOptions {
  readonly service?: string;
}

const serviceOption = (meaning: string): Option => choiceOption('--service <name>', meaning, SERVICES);

/** `backstep parked`: the messages that could not be handled, and what an operator does about them. */
export function parked(program: Command): void {
  const command = program
    .command('parked')
    .description('list the messages that could not be handled; replay or discard one')
    .addOption(serviceOption('only those parked at this service'))
    .addOption(choiceOption('--state <state>', 'only those', ['poisoned', 'held', 'discarded']))
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    // `parked` and its subcommands have options of the same names: where they stand says whose they are.
    .enablePositionalOptions()
    .action(list);
  settleCommand(command, 'replay', 'handle a parked message again; what waited behind it follows');
  settleCommand(command, 'discard', 'give a parked message up; what waited behind it follows');
  teach(withCommonOptions(command), ['parked --state poisoned', 'parked replay 6a2c8f1d7b40']).addHelpText(
    'after',
    `
States:
  poisoned   it could not be handled; the cause and the error say why
  held       nothing is wrong with it: it waits behind a poisoned one of its key
  discarded  an operator gave it up`,
  );
}

async function list({ service, state, limit, cursor, ...where }: ListOptions): Promise<void> {
  const page = await new Api(await gatewayOf(where)).get<ParkedPage>('/v1/parked', { service, state, limit, cursor });
  if (where.json) return printJson(page);
  print(parkedText(page.items, paint) + nextPage(page.nextCursor));
  // On stderr: what is missing from a list is not part of the list.
  if (page.unreachable?.length) printError(`Missing, because it did not answer: ${page.unreachable.join(', ')}`);
}

function settleCommand(parent: Command, action: 'replay' | 'discard', description: string): void {
  const command = parent
    .command(action)
    .description(description)
    .addArgument(idArgument('<id>', "the message's id, as `backstep parked` lists it, or its end", ['parked message']))
    .addOption(serviceOption('where it is parked; needed only when several services have parked it'))
    .action(async (given: string, { service, ...where }: SettleOptions) => {
      const api = new Api(await gatewayOf(where));
      const id = await fullId(api, 'parked message', given);
      const path = `/v1/parked/${id}/${action}`;
      const settle = () => api.request<{ service: string; state: string }>('POST', path, { query: { service } });
      const { body } = await idOf(api, 'parked message', id, settle);
      if (where.json) printJson(body);
      else print(`${body.state} at ${body.service}`);
    });
  teach(
    withCommonOptions(command),
    [`parked ${action} 6a2c8f1d7b40`, `parked ${action} 6a2c8f1d7b40 --service payment`],
    [
      [EXIT.notFound, 'no such message is parked'],
      [EXIT.refused, action === 'replay' ? 'it failed again and stays parked' : 'it could not be discarded'],
    ],
  );
}
