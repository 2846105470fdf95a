import { TEST_CARDS } from '@backstep/contracts/stand-ins';
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, print, printError, printJson } from '../shared/output.js';
import type { Order, OrderWithSaga } from '../shared/representations.js';
import { sampleAddress } from '../shared/sample-address.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { orderText } from './render-order.js';
import { requestedItem, type RequestedItem } from './requested-item.js';

/** The API holds no answer back longer. */
const WAIT_MAX_SECONDS = 30;
const WAIT_DEFAULT_SECONDS = 10;

interface PlaceOptions extends CommonOptions {
  readonly sku?: readonly RequestedItem[];
  readonly card: string;
  readonly country: string;
  readonly key?: string;
  readonly wait: number;
}

/** `backstep order place`: an order from the command line, watched to its end. */
export function placeOrder(parent: Command): void {
  const command = parent
    .command('place')
    .description('place an order and wait for how it ends')
    .option('--sku <sku[:quantity]>', 'what to order; again for more lines (default: mug-blue)', requestedItem)
    .option('--card <paymentMethod>', "the payment provider's name for the card", 'pm_card_visa')
    .option('--country <code>', 'where to ship to, with an address of that country; the carrier refuses AQ', 'DE')
    .option(
      '--key <key>',
      'Idempotency-Key: with the same key and the same order none is placed again, and that of then is shown as it is now (default: a new one)',
    )
    .option(
      '--wait <seconds>',
      'how long to wait for the outcome; 0 returns as soon as the order is accepted',
      wholeNumber(0, WAIT_MAX_SECONDS),
      WAIT_DEFAULT_SECONDS,
    )
    .action(place);
  teach(
    withCommonOptions(command),
    ['order place --sku mug-blue:2 --sku teapot', 'order place --card pm_card_chargeDeclined'],
    [
      [EXIT.failed, 'the order was rejected'],
      [EXIT.refused, 'the order was not accepted, such as for an unknown SKU'],
      [EXIT.stillPending, 'the order is accepted, and has not ended within --wait'],
    ],
  ).addHelpText(
    'after',
    `\nCards that tell a story:\n${cardsText()}\nWith --country AQ the carrier refuses after the charge: pm_card_refundFails then leaves a saga STUCK.`,
  );
}

function cardsText(): string {
  const width = Math.max(...Object.keys(TEST_CARDS).map(({ length }) => length));
  return Object.entries(TEST_CARDS)
    .map(([id, { does }]) => `  ${id.padEnd(width)}   ${does}`)
    .join('\n');
}

async function place({ sku, card, country, key, wait, ...where }: PlaceOptions): Promise<void> {
  const api = new Api(await gatewayOf(where));
  const { body: accepted, headers } = await api.request<Order>('POST', '/v1/orders', {
    headers: { 'idempotency-key': key ?? randomUUID(), ...(wait > 0 ? { prefer: `wait=${wait}` } : {}) },
    body: {
      items: sku ?? [{ sku: 'mug-blue', quantity: 1 }],
      paymentMethod: card,
      shippingAddress: sampleAddress(country),
    },
    heldMs: wait * 1_000,
  });
  const replayed = headers.get('idempotency-replayed') === 'true';
  const now = where.json && !replayed ? accepted : await api.get<OrderWithSaga>(`/v1/orders/${accepted.id}`);
  if (where.json) printJson(now);
  else print(orderText(now as OrderWithSaga, paint));
  // What the key's first request was answered is of then: the order has gone on.
  if (replayed) printError('An earlier request with this key had placed this order: it is shown as it is now.');
  process.exitCode = endOf(now.status, wait);
}

/** Accepted is all that was asked for when nobody waits. */
function endOf(status: string, wait: number): number {
  if (status === 'REJECTED') return EXIT.failed;
  return status === 'PENDING' && wait > 0 ? EXIT.stillPending : EXIT.ok;
}
