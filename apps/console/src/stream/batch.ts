import type { OrderMessage } from '../api/types.js';
import type { Answers, OrderChange, SagaChange, StreamEvent, Tick } from './events.js';

/** Of what something was left out: what is shown of it must be read again. */
export interface Gap {
  readonly orders: boolean;
  readonly sagas: boolean;
  readonly messages: boolean;
}

export const NO_GAP: Gap = { orders: false, sagas: false, messages: false };
export const GAP_OF_ALL: Gap = { orders: true, sagas: true, messages: true };

/** What came within a tenth of a second, each order and saga once, as it stands at last. */
export interface Batch {
  readonly orders: readonly OrderChange[];
  readonly sagas: readonly SagaChange[];
  readonly messages: readonly OrderMessage[];
  readonly tick: Tick | undefined;
  /** Of each the latest. */
  readonly answers: Partial<Answers>;
  readonly gap: Gap;
}

export const NO_ANSWERS: Partial<Answers> = {};

/** Of each kind so many in one batch; of more the latest, and a gap. */
export const BATCH_MAX = 2_000;

/** Gathers events between two tellings. Bounded, whatever comes. */
export class BatchBuilder {
  private orders = new Map<string, OrderChange>();
  private sagas = new Map<string, SagaChange>();
  private messages: OrderMessage[] = [];
  private tick: Tick | undefined;
  private answers = NO_ANSWERS;
  private gap = NO_GAP;

  get isEmpty(): boolean {
    const hasChanges = this.orders.size + this.sagas.size + this.messages.length > 0;
    return !hasChanges && this.tick === undefined && this.answers === NO_ANSWERS && this.gap === NO_GAP;
  }

  add(event: StreamEvent): void {
    switch (event.kind) {
      case 'order':
        this.addOrder(event.order);
        break;
      case 'saga':
        this.addSaga(event.saga);
        break;
      case 'message':
        this.messages.push(event.message);
        break;
      case 'tick':
        this.tick = event.tick;
        break;
      case 'answer':
        this.answers = { ...this.answers, ...event.answer };
        break;
      case 'shed':
        // An event of an order is told, and left out, together with its message.
        this.miss(event.event === 'saga' ? { ...NO_GAP, sagas: true } : { ...NO_GAP, orders: true, messages: true });
        break;
      case 'reset':
        this.miss(GAP_OF_ALL);
        break;
      case 'kafka':
      case 'bye':
        break;
    }
    this.keepBounds();
  }

  /** All of a later batch. */
  addAll({ orders, sagas, messages, tick, answers, gap }: Batch): void {
    for (const order of orders) this.addOrder(order);
    for (const saga of sagas) this.addSaga(saga);
    this.messages.push(...messages);
    if (tick) this.tick = tick;
    if (Object.keys(answers).length > 0) this.answers = { ...this.answers, ...answers };
    if (gap !== NO_GAP) this.miss(gap);
    this.keepBounds();
  }

  miss(gap: Gap): void {
    this.gap = {
      orders: this.gap.orders || gap.orders,
      sagas: this.gap.sagas || gap.sagas,
      messages: this.gap.messages || gap.messages,
    };
  }

  take(): Batch {
    const { orders, sagas, messages, tick, answers, gap } = this;
    this.orders = new Map();
    this.sagas = new Map();
    this.messages = [];
    this.tick = undefined;
    this.answers = NO_ANSWERS;
    this.gap = NO_GAP;
    return { orders: [...orders.values()], sagas: [...sagas.values()], messages, tick, answers, gap };
  }

  private addOrder(order: OrderChange): void {
    put(this.orders, order, laterChange(this.orders.get(order.id), order));
  }

  private addSaga(saga: SagaChange): void {
    put(this.sagas, saga, later(this.sagas.get(saga.id), saga));
  }

  private keepBounds(): void {
    if (dropOldest(this.orders)) this.miss({ ...NO_GAP, orders: true });
    if (dropOldest(this.sagas)) this.miss({ ...NO_GAP, sagas: true });
    if (this.messages.length <= BATCH_MAX) return;
    this.messages.splice(0, this.messages.length - BATCH_MAX);
    this.miss({ ...NO_GAP, messages: true });
  }
}

function put<T extends { readonly id: string }>(map: Map<string, T>, { id }: T, value: T): void {
  map.set(id, value);
}

function dropOldest(map: Map<string, unknown>): boolean {
  let dropped = false;
  for (const oldest of map.keys()) {
    if (map.size <= BATCH_MAX) break;
    dropped = map.delete(oldest);
  }
  return dropped;
}

/** The higher version counts, whichever came last. */
const later = <T extends { readonly version: number }>(known: T | undefined, told: T): T =>
  known && known.version >= told.version ? known : told;

/** A change that does not say its version may be any: it leaves what is known, and asks to read the order. */
export function laterChange(known: OrderChange | undefined, told: OrderChange): OrderChange {
  if (!known) return told;
  if (known.version === null || told.version === null) return { id: told.id, status: null, version: null };
  return known.version >= told.version ? known : told;
}
