import type { EntityClass } from '@backstep/concurrency';
import type { SagaDefinition } from '@backstep/saga';
import type { RequestHandler } from '@backstep/unit-of-work';
import { fromService } from '../../shared/from-service.js';

export interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly total: number;
}
export interface KeyRow {
  readonly key: string;
  readonly response: { readonly id: string };
}
export interface ReservationRow {
  readonly orderId: string;
  readonly status: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}
export interface StockRow {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly version: number;
}
export interface PaymentRow {
  readonly id: string;
  readonly state: { readonly status: string };
  readonly leasedAt: unknown;
  readonly leaseEpoch: number;
  readonly attempts: number;
}
export interface LedgerRow {
  readonly paymentIntentId: string;
  readonly account: string;
  readonly amount: number;
}
export interface ShipmentRow {
  readonly orderId: string;
  readonly status: string;
}
export type PriceRow = Readonly<Record<'sku' | 'name' | 'currency', string>> &
  Readonly<Record<'price' | 'productVersion' | 'version', number>>;

export interface Placement {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly order: unknown;
  readonly traceparent: undefined;
}
export type PlacementAnswer = { readonly kind: string; readonly order?: { readonly id: string } };

/** A worker of the payment service. */
interface Worker {
  take(intents: readonly unknown[]): void;
  sweep(): Promise<void>;
}
interface AnnounceAgain {
  onModuleInit(): void;
}

/** A class as it is made here. */
type Made<T, A extends readonly unknown[] = []> = new (...args: A) => T;
type Handler = Made<object>;

/** Everything of the services that the simulation runs, as it is built. */
export interface Parts {
  readonly saga: SagaDefinition;
  readonly order: {
    readonly handlers: readonly Handler[];
    readonly place: RequestHandler<Placement, PlacementAnswer>;
    readonly AnnounceAgain: Made<AnnounceAgain, [object, object, object, object, object]>;
    readonly Order: EntityClass<OrderRow>;
    readonly Key: EntityClass<KeyRow>;
    readonly Price: EntityClass<PriceRow>;
  };
  readonly inventory: {
    readonly handlers: readonly Handler[];
    readonly Stock: EntityClass<StockRow>;
    readonly Reservation: EntityClass<ReservationRow>;
  };
  readonly payment: {
    readonly handlers: readonly Handler[];
    readonly Intent: EntityClass<PaymentRow>;
    readonly Ledger: EntityClass<LedgerRow>;
    readonly Worker: Made<Worker, [object]>;
    readonly providerOn: (stripe: object) => object;
    readonly cardDeclined: (code: string, message: string) => Error;
  };
  readonly shipment: { readonly handlers: readonly Handler[]; readonly Shipment: EntityClass<ShipmentRow> };
}

/** One after the other: under Jest, modules that are imported at once and share imports are not linked yet when they are asked for. */
export async function loadParts(): Promise<Parts> {
  const saga = await named<SagaDefinition>('orchestrator', 'place-order/place-order.saga', 'placeOrder');
  const order = await loadOrder();
  const inventory = await loadInventory();
  const payment = await loadPayment();
  return { saga, order, inventory, payment, shipment: await loadShipment() };
}

async function named<T>(service: string, path: string, name: string): Promise<T> {
  const found = (await fromService<Record<string, unknown>>(service, path))[name];
  if (found === undefined) throw new Error(`${path} of ${service} has no ${name}`);
  return found as T;
}

async function loadOrder(): Promise<Parts['order']> {
  const load = <T>(path: string, name: string): Promise<T> => named<T>('order', path, name);
  const Place = await load<Made<Parts['order']['place']>>('place-order/place-order.handler', 'PlaceOrderHandler');
  return {
    handlers: [
      await load<Handler>('confirm-order/confirm-order.handler', 'ConfirmOrderHandler'),
      await load<Handler>('reject-order/reject-order.handler', 'RejectOrderHandler'),
    ],
    place: new Place(),
    AnnounceAgain: await load('announce-again/announce-again', 'AnnounceAgain'),
    Order: await load('order/order.entity', 'Order'),
    Key: await load('idempotency/idempotency-key.entity', 'IdempotencyKey'),
    Price: await load('product-price/product-price.entity', 'ProductPrice'),
  };
}

async function loadInventory(): Promise<Parts['inventory']> {
  const load = <T>(path: string, name: string): Promise<T> => named<T>('inventory', path, name);
  return {
    handlers: [
      await load<Handler>('reserve-stock/reserve-stock.handler', 'ReserveStockHandler'),
      await load<Handler>('release-stock/release-stock.handler', 'ReleaseStockHandler'),
    ],
    Stock: await load('stock/stock.entity', 'Stock'),
    Reservation: await load('reservation/reservation.entity', 'Reservation'),
  };
}

async function loadPayment(): Promise<Parts['payment']> {
  const load = <T>(path: string, name: string): Promise<T> => named<T>('payment', path, name);
  return {
    handlers: [
      await load<Handler>('charge-payment/charge-payment.handler', 'ChargePaymentHandler'),
      await load<Handler>('refund-payment/refund-payment.handler', 'RefundPaymentHandler'),
    ],
    Intent: await load('payment-intent/payment-intent.entity', 'PaymentIntent'),
    Ledger: await load('ledger/ledger-entry.entity', 'LedgerEntry'),
    Worker: await load('settle-payment/provider-worker', 'ProviderWorker'),
    providerOn: await load('provider/stripe-in-memory', 'stripeProviderOn'),
    cardDeclined: await load('provider/stripe-in-memory', 'cardDeclined'),
  };
}

async function loadShipment(): Promise<Parts['shipment']> {
  return {
    handlers: [await named<Handler>('shipment', 'create-shipment/create-shipment.handler', 'CreateShipmentHandler')],
    Shipment: await named('shipment', 'shipment/shipment.entity', 'Shipment'),
  };
}
