import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { choiceArgument, wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printJson } from '../shared/output.js';
import type { Shipment } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { shipmentText } from './render-shipment.js';

const MOVES = ['hand-over', 'deliver'] as const;
type Move = (typeof MOVES)[number];

const VERSION_MAX = 999_999_999;

interface ShipmentOptions extends CommonOptions {
  readonly ifVersion?: number;
}

/** `backstep shipment <order>`: where its parcel is. `backstep shipment <order> hand-over`: what the carrier's clock would do later. */
export function shipment(program: Command): void {
  const command = program
    .command('shipment')
    .description('show where the parcel of an order is, or move it as the carrier does')
    .addArgument(idArgument('<order>', "the order's id (`backstep orders` lists them), or its end", ['order']))
    .addArgument(choiceArgument('[move]', 'what the carrier does', MOVES))
    .option('--if-version <version>', 'only if it still is at this version', wholeNumber(1, VERSION_MAX))
    .action(async (given: string, move: Move | undefined, { ifVersion, ...where }: ShipmentOptions) => {
      if (move === undefined && ifVersion !== undefined) throw new UsageError(`Say what to do: ${MOVES.join(', ')}.`);
      const api = new Api(await gatewayOf(where));
      const orderId = await fullId(api, 'order', given);
      const path = `/v1/shipments/${orderId}`;
      const found = move && ifVersion !== undefined ? undefined : await api.get<Shipment>(path);
      const shown = move ? await moved(api, `${path}/${move}`, ifVersion ?? found?.version) : found;
      if (where.json) printJson(shown);
      else if (shown) print(shipmentText(shown, paint));
    });
  teach(
    withCommonOptions(command),
    ['shipment 6a2c8f1d7b40', 'shipment 6a2c8f1d7b40 hand-over', "shipment 6a2c8f1d7b40 --json | jq '.history'"],
    [
      [EXIT.notFound, 'there is no such order, or it has no shipment yet'],
      [EXIT.refused, 'its state does not allow the move, or it has moved on since that version'],
    ],
  ).addHelpText(
    'after',
    `
Moves:
  hand-over  the carrier takes the parcel: its goods leave the stock, and the order can no longer be changed or cancelled
  deliver    the carrier has delivered it`,
  );
}

async function moved(api: Api, path: string, version: number | undefined): Promise<Shipment> {
  const { body } = await api.request<Shipment>('POST', path, { headers: { 'if-match': `"v${version}"` } });
  return body;
}
