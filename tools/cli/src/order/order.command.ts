import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printJson } from '../shared/output.js';
import type { OrderWithSaga } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { cancelOrder } from './cancel-order.command.js';
import { placeOrder } from './place-order.command.js';
import { orderText } from './render-order.js';
import { reviseOrder } from './revise-order.command.js';

/** `backstep order <id>`: one order and its sagas. `backstep order place`: a new one. `backstep order cancel`: none. `backstep order revise`: another. */
export function order(program: Command): void {
  const command = program
    .command('order')
    .description('show an order and the steps of its sagas, place one, change one, or cancel one')
    .addArgument(idArgument('[id]', "the order's id (`backstep orders` lists them), or its end", ['order']))
    // `order` and its subcommands have --json: where it stands says whose it is.
    .enablePositionalOptions()
    .action(async (given: string | undefined, options: CommonOptions) => {
      if (given === undefined)
        throw new UsageError('Which order? `backstep order <id>` shows one, `backstep order place` places one.');
      const api = new Api(await gatewayOf(options));
      const id = await fullId(api, 'order', given);
      const found = await idOf(api, 'order', id, () => api.get<OrderWithSaga>(`/v1/orders/${id}`));
      if (options.json) printJson(found);
      else print(orderText(found, paint));
    });
  placeOrder(command);
  cancelOrder(command);
  reviseOrder(command);
  teach(
    withCommonOptions(command),
    [
      'order 6a2c8f1d7b40',
      'order place --sku mug-blue:2 --country AQ',
      'order revise 6a2c8f1d7b40 --set mug-blue=3',
      'order cancel 6a2c8f1d7b40',
    ],
    [[EXIT.notFound, 'there is no such order']],
  );
}
