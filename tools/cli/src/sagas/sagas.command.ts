import type { Command } from 'commander';
import { Api, type Page } from '../shared/api.js';
import { choiceOption, pageSize } from '../shared/arguments.js';
import { idOption } from '../shared/completes.js';
import { teach } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { nextPage, paint, print, printJson } from '../shared/output.js';
import type { ListedSaga } from '../saga/operable-saga.js';
import { type SpanOptions, spanQuery, withSpanOptions } from '../shared/span-options.js';
import { describe } from './describe.command.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { sagasText } from './render-sagas.js';

const STATES = ['RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED'];

interface SagasOptions extends CommonOptions, SpanOptions {
  readonly state?: string;
  readonly type?: string;
  readonly order?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `backstep sagas`: the newest first. */
export function sagas(program: Command): void {
  const command = program
    .command('sagas')
    .description('list sagas, newest first; STUCK ones wait for an operator; or show the table of one')
    .addOption(choiceOption('--state <state>', 'only those in this state', STATES))
    .option('--type <type>', 'only those of this definition, such as place-order')
    .addOption(idOption('--order <id>', 'only those of this order', ['order']));
  withSpanOptions(command, 'begun')
    .option('--limit <count>', 'how many, at most 100', pageSize, 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    // `sagas` and `sagas describe` have options of the same names: where they stand says whose they are.
    .enablePositionalOptions()
    .action(async ({ state, type, order, from, to, limit, cursor, ...where }: SagasOptions) => {
      const api = new Api(await gatewayOf(where));
      const orderId = order === undefined ? undefined : await fullId(api, 'order', order);
      const query = { state, type, orderId, ...spanQuery({ from, to }), limit, cursor };
      const page = await api.get<Page<ListedSaga>>('/v1/sagas', query);
      // No saga of something that is no order is not the same as no saga yet.
      if (orderId !== undefined && page.items.length === 0)
        await idOf(api, 'order', orderId, () => api.get(`/v1/orders/${orderId}`));
      if (where.json) printJson(page);
      else print(sagasText(page.items, paint) + nextPage(page.nextCursor));
    });
  describe(command);
  teach(withCommonOptions(command), [
    'sagas --state STUCK',
    'sagas --type place-order --from 1h',
    'sagas describe place-order',
  ]);
}
