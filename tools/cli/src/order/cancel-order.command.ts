import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import type { Order, OrderWithSaga } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { orderText } from './render-order.js';

const WAIT_MAX_SECONDS = 300;
const WAIT_DEFAULT_SECONDS = 10;
const ASK_EVERY_MS = 200;
const MS_PER_SECOND = 1_000;

interface CancelOptions extends CommonOptions {
  readonly ifMatch?: string;
  readonly key?: string;
  readonly wait: number;
}

/** `backstep order cancel <id>`: cancels an order, and waits for how that ends. */
export function cancelOrder(parent: Command): void {
  const command = parent
    .command('cancel')
    .description('cancel an order and wait for how that ends')
    .addArgument(idArgument('<id>', "the order's id, or its end", ['order']))
    .option('--if-match <etag>', 'the version that you have seen, such as v2 (default: the order as it is now)')
    .option('--key <key>', 'Idempotency-Key: with the same key it is cancelled once (default: a new one)')
    .option(
      '--wait <seconds>',
      'how long to wait for the outcome; 0 returns as soon as the cancellation is accepted',
      wholeNumber(0, WAIT_MAX_SECONDS),
      WAIT_DEFAULT_SECONDS,
    )
    .action(cancel);
  teach(
    withCommonOptions(command),
    ['order cancel 6a2c8f1d7b40', 'order cancel 6a2c8f1d7b40 --if-match v2'],
    [
      [EXIT.failed, 'the cancellation was accepted, and then refused'],
      [EXIT.notFound, 'there is no such order'],
      [EXIT.refused, 'the order cannot be cancelled, or is not as you have seen it'],
      [EXIT.stillPending, 'the cancellation has not ended within --wait'],
    ],
  );
}

async function cancel(given: string, { ifMatch, key, wait, ...where }: CancelOptions): Promise<void> {
  const api = new Api(await gatewayOf(where));
  const id = await fullId(api, 'order', given);
  const read = () => api.get<OrderWithSaga>(`/v1/orders/${id}`);
  const seen = ifMatch ?? `"v${(await idOf(api, 'order', id, read)).version}"`;
  const { body: accepted } = await api.request<Order>('POST', `/v1/orders/${id}/cancel`, {
    headers: { 'if-match': seen, 'idempotency-key': key ?? randomUUID() },
  });
  const cancellationId = accepted.change?.id;
  const until = Date.now() + wait * MS_PER_SECOND;
  let now = await read();
  while (now.change?.id === cancellationId && Date.now() < until) {
    await delay(ASK_EVERY_MS);
    now = await read();
  }
  if (where.json) printJson(now);
  else print(orderText(now, paint));
  process.exitCode = endOf(now, cancellationId, wait);
}

/** Accepted is all that was asked for when nobody waits. */
function endOf({ change, cancellation }: Order, cancellationId: string | undefined, wait: number): number {
  if (change?.id === cancellationId && change !== null) return wait > 0 ? EXIT.stillPending : EXIT.ok;
  const refusal = cancellation?.id === cancellationId ? cancellation?.refusal : undefined;
  if (!refusal) return EXIT.ok;
  printError(`Not cancelled: ${refusal.message}`);
  return EXIT.failed;
}
