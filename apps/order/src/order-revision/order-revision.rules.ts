import { MAX_LINES, Quantity, type PricedItem, type ShippingAddress } from '@backstep/contracts';
import type { LineOperation, ReviseOrderRequest } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { byField, byPart, merge, rebase, type StalePolicy } from '@backstep/unit-of-work';
import type { Order } from '../order/order.entity.js';
import { TOTAL_MAX, type Price } from '../product-price/pricing.rules.js';
import { against, operate } from './line-operations.js';

/** What a customer wants of an order, and what a stale edit is left as. */
export type OrderEdit = ReviseOrderRequest;

/** What an order has that a revision changes. */
export type Revised = Pick<Order, 'items' | 'total' | 'shippingAddress'>;

/** The columns that change without an operation on the lines. Whether their values allow a revision is for the decision to say. */
const INDEPENDENT = ['status', 'change', 'shippingAddress'];

const rebaseAndMerge = byPart<OrderEdit>({
  lines: rebase<LineOperation>({ against, independentOf: INDEPENDENT, applied: 'later' }),
  shippingAddress: merge(
    byField({
      together: [['line1', 'city', 'postalCode', 'country'].map((part) => `shippingAddress/${part}`)],
    }),
    { of: 'shippingAddress' },
  ),
});

/**
 * Two who change different lines of an order do not disturb each other, and neither do two parts of it that do not belong together. An order
 * that is not confirmed is not stale: it cannot be changed at all, whatever its customer has seen.
 */
export const mergeStaleRevisions: StalePolicy<OrderEdit> = Object.assign(
  ((based) => {
    if (based.row?.['status'] !== 'CONFIRMED') return { verdict: 'decide', edit: based.edit };
    return based.basis === undefined ? { verdict: 'basis required' } : rebaseAndMerge(based);
  }) satisfies StalePolicy<OrderEdit>,
  { needsLog: true },
);

/**
 * The order as it shall be.
 * @throws ProblemError 422 `unknown-sku`, `unknown-line`, `mixed-currencies`, `empty-order` or `out-of-range`
 */
export function revise(
  order: Order,
  { lines = [], shippingAddress }: OrderEdit,
  prices: ReadonlyMap<string, Price>,
): Revised {
  refuseUnknown(order, lines, prices);
  const items = lines.reduce<readonly PricedItem[]>(
    (left, op) => operate(left, op, prices.get(op.sku)?.price),
    order.items,
  );
  refuseImpossible(items);
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  if (total > TOTAL_MAX)
    throw outOfRange(`their total is above ${TOTAL_MAX} minor units, the most that an order may cost`);
  return { items, total, shippingAddress: { ...order.shippingAddress, ...given(shippingAddress) } };
}

function refuseUnknown(order: Order, lines: readonly LineOperation[], prices: ReadonlyMap<string, Price>): void {
  const has = new Set(order.items.map(({ sku }) => sku));
  const added = lines.filter(({ op, sku }) => op === 'addLine' && !has.has(sku));
  const unlisted = added.map(({ sku }) => sku).filter((sku) => !prices.has(sku));
  if (unlisted.length > 0)
    throw new ProblemError(SHOP_PROBLEMS.unknownSku, {
      detail: `Not listed: ${unlisted.join(', ')}`,
      extensions: { skus: unlisted },
    });
  const absent = lines.filter(({ op, sku }) => op !== 'addLine' && !has.has(sku)).map(({ sku }) => sku);
  if (absent.length > 0)
    throw new ProblemError(SHOP_PROBLEMS.unknownLine, {
      detail: `The order has no line of ${absent.join(', ')}`,
      extensions: { skus: absent },
    });
  const currencies = [...new Set([order.currency, ...added.map(({ sku }) => prices.get(sku)?.currency ?? '')])];
  if (currencies.length > 1)
    throw new ProblemError(SHOP_PROBLEMS.mixedCurrencies, {
      detail: `One order, one currency: ${currencies.join(', ')}`,
      extensions: { currencies },
    });
}

function refuseImpossible(items: readonly PricedItem[]): void {
  if (items.length === 0) throw new ProblemError(SHOP_PROBLEMS.emptyOrder);
  if (items.length > MAX_LINES) throw outOfRange(`an order has at most ${MAX_LINES} lines`);
  const tooMany = items.find(({ quantity }) => !Quantity.safeParse(quantity).success);
  if (tooMany) throw outOfRange(`${tooMany.quantity} of ${tooMany.sku} are more than a line may have`);
}

const outOfRange = (message: string): ProblemError =>
  new ProblemError(PROBLEMS.outOfRange, {
    detail: `lines: ${message}`,
    errors: [{ in: 'body', field: 'lines', pointer: '#/lines', message }],
  });

/** Whether nothing is left of the revision: others have done the same. */
export const changesNothing = (order: Revised, revised: Revised): boolean =>
  order.total === revised.total && isSame(order.items, revised.items) && isSameAddress(order, revised);

const isSame = (some: readonly PricedItem[], others: readonly PricedItem[]): boolean =>
  some.length === others.length &&
  some.every((line, at) => line.sku === others[at]?.sku && line.quantity === others[at].quantity);

const isSameAddress = (order: Revised, revised: Revised): boolean =>
  (Object.keys(revised.shippingAddress) as (keyof ShippingAddress)[]).every(
    (part) => order.shippingAddress[part] === revised.shippingAddress[part],
  );

/** Parts that a patch leaves out, or that a merge has dropped, stay as they are. */
const given = (patch: OrderEdit['shippingAddress'] = {}): Partial<ShippingAddress> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
