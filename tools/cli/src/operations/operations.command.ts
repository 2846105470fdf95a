import type { Command } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize } from '../shared/arguments.js';
import { idOption } from '../shared/completes.js';
import { teach } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { nextPage, paint, print, printJson } from '../shared/output.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { operationsText, type ListedOperation } from './render-operations.js';

const ACTIONS = ['retry', 'skip', 'compensate', 'abandon', 'replay', 'discard'];

interface OperationsOptions extends CommonOptions {
  readonly by?: string;
  readonly action?: string;
  readonly order?: string;
  readonly limit: number;
  readonly cursor?: string;
}

type OperationPage = Page<ListedOperation> & { readonly unreachable: readonly string[] };

/** `backstep operations`: what operators did, newest first. */
export function operations(program: Command): void {
  const command = program
    .command('operations')
    .description('list what operators did: who, to what, why, and what was sent for it; newest first')
    .option('--by <name>', 'only what this operator did')
    .addOption(choiceOption('--action <action>', 'only this', ACTIONS))
    .addOption(idOption('--order <id>', 'only what was done to this order', ['order']))
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(async ({ by, action, order, limit, cursor, ...where }: OperationsOptions) => {
      const api = new Api(await gatewayOf(where));
      const orderId = order === undefined ? undefined : await fullId(api, 'order', order);
      const page = await api.get<OperationPage>('/v1/operations', { by, action, orderId, limit, cursor });
      if (where.json) printJson(page);
      else print(operationsText(page.items, page.unreachable, paint) + nextPage(page.nextCursor));
    });
  teach(withCommonOptions(command), ['operations --by ada', 'operations --action abandon --limit 5']);
}
