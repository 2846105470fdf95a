import type { OrderWithSaga } from '../api/types.js';
import type { Lanes } from '../lanes/model.js';
import { moneyText } from '../ui/money-text.js';
import { spanText } from '../ui/time-text.js';

/** What one of the two orders is, beside the other. */
export interface Fact {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
}

export interface Side {
  readonly order: OrderWithSaga;
  readonly lanes: Lanes;
}

/** From the first message to the last one. */
export function tookMs({ messages }: Lanes): number {
  const times = messages.map(({ saidAt }) => saidAt);
  return times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
}

const FACTS: readonly (readonly [name: string, of: (side: Side) => string])[] = [
  ['State', ({ order }) => order.status],
  ['Why', ({ order: { failure } }) => (failure ? `${failure.code}: ${failure.message}` : '')],
  ['Version', ({ order }) => `v${order.version}`],
  ['Total', ({ order }) => moneyText(order.total, order.currency)],
  ['Items', ({ order }) => order.items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', ')],
  ['Country', ({ order }) => order.shippingAddress.country],
  ['Sagas', ({ order }) => (order.sagas ?? []).map(({ type, state }) => `${type} ${state}`).join(', ')],
  ['Messages', ({ lanes }) => String(lanes.messages.length)],
  ['Repeated', ({ lanes }) => String(lanes.repeatedRecords)],
];

/** What neither has is left out. How long each took differs always: the steps say by how much. */
export function factsOf(a: Side, b: Side): readonly Fact[] {
  const facts = FACTS.map(([name, of]) => ({ name, a: of(a), b: of(b), differs: of(a) !== of(b) }));
  const took = { name: 'Took', a: spanText(tookMs(a.lanes)), b: spanText(tookMs(b.lanes)), differs: false };
  return [...facts.filter((fact) => fact.a !== '' || fact.b !== ''), took];
}

export const typesOfSagas = ({ order }: Side): ReadonlyMap<string, string> =>
  new Map((order.sagas ?? []).map(({ id, type }) => [id, type]));
