import { keyed } from '@backstep/idempotency';
import { ViolationError, type Random, type Scenario, type SagaInvariants, type World } from '@backstep/simulation';
import { Cancellations } from './cancellations.js';
import { drawRevisions, Revisions, tellRevisions, type RevisionSubject } from './revisions.js';
import { ACCOUNTS } from './accounts.js';
import type { OrderInvariants } from './invariants.js';
import type { LedgerRow, OrderRow, Parts } from './parts.js';
import type { ProductEditors, ProductEdits } from './product-edits.js';
import type { SimulatedProvider } from './provider.js';
import type { Webhooks } from './webhooks.js';

/** An order as its customer sends it. */
export interface OrderSubject {
  readonly number: number;
  /** Milliseconds after the start. */
  readonly at: number;
  readonly items: { sku: string; quantity: number }[];
  /** A test card, or `account:` and the id of an account. */
  readonly card: string;
  readonly country: string;
  /** The customer is impatient: the request is sent twice at once, with one key. */
  readonly twice: boolean;
  /** The customer cancels the order so long after its acceptance, milliseconds; undefined: never. */
  readonly cancelAfter: number | undefined;
  /** How often the provider delivers each event about its payment; 0: only its answers tell. */
  readonly webhooks: number;
  /** What one or two people want of the order once it is confirmed. */
  readonly revisions: readonly RevisionSubject[];
  /** What somebody edits meanwhile. */
  readonly productEdits?: ProductEdits | undefined;
}

export const PRODUCTS = [
  { sku: 'teapot', price: 4_500, onHand: 2 },
  { sku: 'mug', price: 1_290, onHand: 4 },
  { sku: 'flyer', price: 0, onHand: 100 },
] as const;
const CARDS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_lostResponse',
  'pm_card_flaky',
  'pm_card_slow',
  ...ACCOUNTS.map(({ id }) => `account:${id}`),
];
const DELIVERIES = [0, 0, 1, 2];

/** Orders come within this time, milliseconds. */
const ORDERS_WITHIN_MS = 1_500;
/** How often an order comes together with others, and when that is. */
const TOGETHER = 0.5;
const TOGETHER_AT_MS = 700;
/** How often an order is cancelled, and within which time of its acceptance: while it is placed, confirmed, and gone. */
const CANCELLED = 0.4;
const CANCELLED_WITHIN_MS = [150, 1_200, 6_000] as const;
/** A customer that got no answer sends the request again, with the same key, after this time. */
const CUSTOMER_PATIENCE_MS = 2_000;
/** A customer gives up, and counts as an order that was never accepted, after so many requests. */
const REQUESTS_MAX = 200;

export function drawOrder(random: Random, number: number): OrderSubject {
  const dice = random.next();
  const sku = dice < 0.45 ? 'teapot' : dice < 0.95 ? 'mug' : 'flyer';
  const items = [{ sku, quantity: random.between(1, 2) }];
  if (random.chance(0.3)) items.push({ sku: sku === 'mug' ? 'teapot' : 'mug', quantity: 1 });
  const card = random.chance(0.5) ? 'pm_card_visa' : random.pick(CARDS);
  const country = random.chance(0.2) ? 'AQ' : 'GB';
  // Orders that come at once want the same rows.
  const at = random.chance(TOGETHER) ? TOGETHER_AT_MS + random.below(4) : random.below(ORDERS_WITHIN_MS);
  const twice = random.chance(0.15);
  return {
    number,
    at,
    items,
    card,
    country,
    twice,
    cancelAfter: drawCancellation(random),
    revisions: drawRevisions(random),
    webhooks: random.pick(DELIVERIES),
  };
}

function drawCancellation(random: Random): number | undefined {
  if (!random.chance(CANCELLED)) return undefined;
  return random.below(random.pick(CANCELLED_WITHIN_MS));
}

export const tellOrder = ({
  number,
  at,
  items,
  card,
  country,
  twice,
  cancelAfter,
  revisions,
  webhooks,
}: OrderSubject): string =>
  `order ${number} at ${at} ms: ${items.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}, ${card}, to ${country}` +
  `${twice ? ', requested twice' : ''}${cancelAfter === undefined ? '' : `, cancelled ${cancelAfter} ms after its acceptance`}${tellRevisions(revisions)}` +
  (webhooks > 0 ? `, each event of its payment delivered ${webhooks === 1 ? 'once' : `${webhooks} times`}` : '');

/** What the scenario reads of the world beside its stores. */
export interface Observed {
  readonly sagas: SagaInvariants;
  readonly invariants: OrderInvariants;
  readonly provider: SimulatedProvider;
  readonly webhooks: Webhooks;
  readonly editors: ProductEditors;
}

/** The customers: each sends its order until it is accepted, keeps the answers, and may cancel it. */
export class OrderScenario implements Scenario {
  private readonly accepted = new Map<number, string>();
  /** By the id that a request would give its order. */
  private readonly requested = new Map<string, OrderSubject>();
  private waiting: number;
  private readonly cancellations: Cancellations;
  private readonly revisions: Revisions;

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly orders: readonly OrderSubject[],
    private readonly observed: Observed,
  ) {
    this.waiting = orders.length;
    this.cancellations = new Cancellations(world, parts);
    this.revisions = new Revisions(world, parts);
    for (const order of orders) {
      if (order.productEdits) observed.editors.edit(order.productEdits);
      for (let n = 0; n < (order.twice ? 2 : 1); n++) world.kernel.after(order.at + n, () => this.request(order, 1));
    }
  }

  /** How often each event about the payment of an order is delivered. */
  webhooksOf(orderId: string): number {
    return this.requested.get(orderId)?.webhooks ?? 0;
  }

  unended(): number {
    const { invariants, sagas, webhooks, editors } = this.observed;
    return (
      this.waiting +
      this.cancellations.unanswered +
      this.revisions.unanswered +
      invariants.pending +
      sagas.live +
      webhooks.untaken +
      editors.left
    );
  }

  whatIsUnended(): string[] {
    const { story } = this.world;
    const unaccepted = this.orders.filter(({ number }) => !this.accepted.has(number));
    const pending = this.stored().filter(
      ({ status }) => status === 'PENDING' || status === 'CANCELLING' || status === 'REVISING',
    );
    const left = [
      ...unaccepted.map(({ number }) => `order ${number} was never accepted`),
      ...pending.map(({ id, status }) => `${story.nameOf(id)} is still ${status}`),
    ];
    const { sagas, webhooks } = this.observed;
    if (webhooks.untaken > 0) left.push(`${webhooks.untaken} webhooks are not taken`);
    return left.length > 0 || sagas.live === 0 ? left : ['a saga has not ended'];
  }

  /** I1, I2 and I4, which hold only at rest. */
  atRest(): void {
    const orders = this.stored();
    if (orders.length !== this.orders.length) {
      this.broken(
        'I1',
        `${this.orders.length} orders were requested, each with one key, and ${orders.length} are there`,
      );
    }
    for (const { number } of this.orders) {
      const id = this.accepted.get(number);
      if (id === undefined || orders.some((order) => order.id === id)) continue;
      this.broken('I1', `order ${number} was accepted, and is not there`);
    }
    const ledger = this.rows<LedgerRow>('payment', this.parts.payment.Ledger);
    const { invariants, provider } = this.observed;
    const bookedTo = (side: string): number =>
      ledger.filter(({ account }) => account === side).reduce((sum, { amount }) => sum + amount, 0);
    const [booked, earned] = [bookedTo('provider_clearing'), -bookedTo('order_revenue')];
    const captured = orders.reduce((sum, { id }) => sum + provider.kept(id), 0);
    const kept = orders.reduce((sum, { id }) => sum + invariants.kept(id), 0);
    const due = orders.filter(({ status }) => status === 'CONFIRMED').reduce((sum, { total }) => sum + total, 0);
    if (booked !== captured) this.broken('I4', `the provider keeps ${captured}, and the ledger says ${booked}`);
    if (earned !== kept || kept !== due) {
      this.broken('I4', `${kept} is kept, the ledger says ${earned}, the confirmed orders add up to ${due}`);
    }
  }

  private request(order: OrderSubject, attempt: number): void {
    const { world, parts } = this;
    const { kernel, random, network, story } = world;
    if (this.accepted.has(order.number)) return;
    if (attempt > REQUESTS_MAX) return;
    const again = (inMs: number): void => void kernel.after(inMs, () => this.request(order, attempt + 1));
    const living = world.living('order');
    const server = living[random.below(living.length)];
    if (!server) return again(CUSTOMER_PATIENCE_MS);
    const orderId = random.uuid();
    story.name(orderId, `order ${order.number}`);
    this.requested.set(orderId, order);
    let answered = false;
    const { process, unitOfWork } = server;
    const newOrder = newOrderOf(order, orderId);
    const ask = (): void => {
      unitOfWork.request(parts.order.place, newOrder).then(
        ({ answer }) => {
          answered = true;
          kernel.after(network.latency('database'), () => this.answered(order, 'id' in answer ? answer.id : undefined));
        },
        () => undefined,
      );
    };
    kernel.after(network.latency('database'), ask, process);
    kernel.after(CUSTOMER_PATIENCE_MS, () => {
      if (answered) return;
      world.coverage.add('requests sent again');
      again(0);
    });
  }

  private answered({ number, cancelAfter, revisions }: OrderSubject, orderId: string | undefined): void {
    if (orderId === undefined) return this.broken('I1', `order ${number} was refused`);
    const first = this.accepted.get(number);
    if (first === undefined) {
      this.accepted.set(number, orderId);
      this.waiting--;
      this.world.story.tell(() => `the customer of order ${number} reads 202`);
      if (cancelAfter !== undefined) this.cancellations.ask(number, orderId, cancelAfter);
      for (const revision of revisions) this.revisions.ask(number, orderId, revision);
    } else if (first !== orderId) this.broken('I1', `order ${number} was accepted twice, as two orders, under one key`);
  }

  private stored(): OrderRow[] {
    return this.rows<OrderRow>('order', this.parts.order.Order);
  }

  private rows<Row>(service: string, entity: abstract new (...args: never[]) => Row): Row[] {
    return [...this.world.store(service).of(entity).rows.values()] as unknown as Row[];
  }

  private broken(invariant: string, what: string): void {
    this.world.violated(new ViolationError(invariant, what));
  }
}

const newOrderOf = ({ number, items, card, country }: OrderSubject, orderId: string) => {
  const order = {
    items,
    paymentMethod: card,
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      city: 'London',
      postalCode: 'SW1Y 4JH',
      country,
    },
  };
  return keyed(`key-${number}`, order, { orderId, order, traceparent: undefined });
};
