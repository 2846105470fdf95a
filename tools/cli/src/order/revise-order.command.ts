import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import type { Order, OrderWithSaga } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { orderText } from './render-order.js';
import {
  addLine,
  addressPart,
  removeLine,
  setQuantity,
  type AddressPatch,
  type LineOperation,
} from './requested-revision.js';

const WAIT_MAX_SECONDS = 300;
const WAIT_DEFAULT_SECONDS = 10;
const ASK_EVERY_MS = 200;
const MS_PER_SECOND = 1_000;

interface ReviseOptions extends CommonOptions {
  readonly set?: readonly LineOperation[];
  readonly add?: readonly LineOperation[];
  readonly remove?: readonly LineOperation[];
  readonly address?: AddressPatch;
  readonly ifMatch?: string;
  readonly key?: string;
  readonly wait: number;
}

/** `backstep order revise <id>`: changes the lines or the address of an order, and waits for how that ends. */
export function reviseOrder(parent: Command): void {
  const command = parent
    .command('revise')
    .description('change the lines or the address of an order and wait for how that ends')
    .addArgument(idArgument('<id>', "the order's id, or its end", ['order']))
    .option('--set <sku=n>', 'a line gets this quantity; again for more lines', setQuantity)
    .option('--add <sku=n>', 'so many more of a product', addLine)
    .option('--remove <sku>', 'a line goes', removeLine)
    .option(
      '--address <part=v>',
      'a part of the address and its value: name, line1, city, postalCode or country',
      addressPart,
    )
    .option('--if-match <etag>', 'the version that you have seen, such as v2 (default: the order as it is now)')
    .option('--key <key>', 'Idempotency-Key: with the same key it is revised once (default: a new one)')
    .option(
      '--wait <seconds>',
      'how long to wait for the outcome; 0 returns as soon as the revision is accepted',
      wholeNumber(0, WAIT_MAX_SECONDS),
      WAIT_DEFAULT_SECONDS,
    )
    .action(revise);
  teach(
    withCommonOptions(command),
    [
      'order revise 6a2c8f1d7b40 --set mug-blue=3 --add teapot=1',
      'order revise 6a2c8f1d7b40 --remove mug-blue --if-match v2',
      'order revise 6a2c8f1d7b40 --address city=Bonn --address postalCode=53111',
    ],
    [
      [EXIT.failed, 'the revision was accepted, and then rejected: the order is as it was'],
      [EXIT.notFound, 'there is no such order'],
      [EXIT.refused, 'the order cannot be changed so, or others have changed the same line since --if-match'],
      [EXIT.stillPending, 'the revision has not ended within --wait'],
    ],
  );
}

async function revise(given: string, options: ReviseOptions): Promise<void> {
  const { set = [], add = [], remove = [], address, ifMatch, key, wait, ...where } = options;
  const lines = [...set, ...add, ...remove];
  if (lines.length === 0 && !address)
    throw new UsageError('What shall be changed? Give --set, --add, --remove or --address.');
  const api = new Api(await gatewayOf(where));
  const id = await fullId(api, 'order', given);
  const read = () => api.get<OrderWithSaga>(`/v1/orders/${id}`);
  const seen = ifMatch ?? `"v${(await idOf(api, 'order', id, read)).version}"`;
  const { body: accepted } = await api.request<Order>('PATCH', `/v1/orders/${id}`, {
    headers: { 'if-match': seen, 'idempotency-key': key ?? randomUUID() },
    body: { ...(lines.length > 0 && { lines }), ...(address && { shippingAddress: address }) },
  });
  const revisionId = accepted.change?.id;
  const until = Date.now() + wait * MS_PER_SECOND;
  let now = await read();
  while (revisionId !== undefined && now.change?.id === revisionId && Date.now() < until) {
    await sleep(ASK_EVERY_MS);
    now = await read();
  }
  if (where.json) printJson(now);
  else print(orderText(now, paint));
  process.exitCode = endOf(now, revisionId, wait);
}

/** Without a revision, others had done the same already. Accepted is all that was asked for when nobody waits. */
function endOf({ change, revision }: Order, revisionId: string | undefined, wait: number): number {
  if (revisionId === undefined) return EXIT.ok;
  if (change?.id === revisionId) return wait > 0 ? EXIT.stillPending : EXIT.ok;
  if (revision?.id !== revisionId || !revision.failure) return EXIT.ok;
  printError(`Not revised: ${revision.failure.message}`);
  return EXIT.failed;
}
