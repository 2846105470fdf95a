import { NamedLocks } from '@backstep/locks';
import { sagaRegistry } from '@backstep/saga';
import {
  orchestratorOf,
  type Coverage,
  type Row,
  type ServiceStatement,
  type SimulatedService,
  type Started,
  type Store,
} from '@backstep/simulation';
import { Handlers } from '@backstep/unit-of-work';
import type { PaymentProvider } from '@backstep/payment/intents/provider/payment-provider';
import type { Pool } from 'pg';
import { leaseStatements } from './lease-statements.js';
import type { Parts, PaymentRow } from './parts.js';

/** The services' settings, with their defaults. */
const ANNOUNCE_AGAIN_AFTER_MS = 60_000;
const SWEEP_EVERY_MS = 2_000;

/** The statuses of orders that wait for a saga. */
const WAITING: ReadonlySet<unknown> = new Set(['PENDING', 'CANCELLING', 'REVISING']);
const revisionOf = (change: unknown): string | null => {
  const { kind, id } = (change ?? {}) as { kind?: string; id?: string };
  return kind === 'revise' ? (id ?? null) : null;
};
const waitsSince = (row: Row): number =>
  Date.parse(String((row['change'] as { since: string } | null)?.since ?? row['createdAt']));

const PENDING: ReadonlySet<string> = new Set(['CHARGE_REQUESTED', 'REFUND_REQUESTED']);
const SILENT_LOGGER = { warn: () => undefined, error: () => undefined };
const NO_METRICS = { callDuration: { startTimer: () => () => undefined } };

/** What differs from run to run: the provider. */
export interface Surroundings {
  providerFor(started: Started): PaymentProvider;
  coverage(): Coverage;
  /** Whether products are edited, and the order service hears of it. */
  readonly editsProducts: boolean;
}

/** The five services of `place-order`, with all their parts. */
export const placeOrderServices = (parts: Parts, surroundings: Surroundings): SimulatedService[] => [
  order(parts, surroundings),
  {
    name: 'inventory',
    consumes: ['inventory.commands', 'shipment.events'],
    entities: [
      parts.inventory.Product,
      parts.inventory.Stock,
      parts.inventory.Reservation,
      parts.inventory.ReservationRevision,
      parts.inventory.GoodsIssue,
    ],
    handlers: () => new Handlers(parts.inventory.handlers.map((Handler) => new Handler())),
  },
  payment(parts, surroundings),
  shipment(parts),
  orchestratorOf(sagaRegistry([parts.saga, ...parts.changes])),
];

function order(
  { order: { Order, Revision, HandOver, Key, Price, Customer, CopyPrices, handlers, AnnounceAgain } }: Parts,
  { editsProducts }: Surroundings,
): SimulatedService {
  const all = editsProducts ? [...handlers, CopyPrices] : handlers;
  return {
    name: 'order',
    consumes: ['order.commands', 'shipment.events', ...(editsProducts ? ['inventory.events'] : [])],
    entities: [Order, Revision, HandOver, Key, Price, Customer],
    handlers: () => new Handlers(all.map((Handler) => new Handler())),
    statements: announcements(Order),
    start: ({ pool, unitOfWork, every, coverage }) => {
      const jobs = { every: (ms: number, _: string, work: () => Promise<void>) => every(ms, work) };
      const logger = { warn: () => coverage.add('orders announced again') };
      new AnnounceAgain(
        { ANNOUNCE_AGAIN_AFTER_MS },
        { pool: pool as unknown as Pool },
        unitOfWork,
        jobs,
        logger,
      ).onModuleInit();
    },
  };
}

/** The statements of `due-announcements.ts`, with the table of announcements beside the store. */
function announcements(Order: Parts['order']['Order']): ServiceStatement[] {
  const known = new WeakMap<Store, Map<string, { attempts: number; nextAt: number }>>();
  const announcedIn = (store: Store) => {
    const announced = known.get(store) ?? new Map<string, { attempts: number; nextAt: number }>();
    known.set(store, announced);
    return announced;
  };
  const due = (store: Store, [afterMs = 0, max = 0]: readonly number[]): Row[] => {
    const announced = announcedIn(store);
    const sending = new Set([...store.outbox.values()].map(({ key }) => key));
    return [...store.of(Order).rows.values()]
      .map((row) => ({
        id: String(row['id']),
        status: row['status'],
        createdAt: waitsSince(row),
        change: row['change'],
      }))
      .filter(({ status, createdAt }) => WAITING.has(status) && createdAt < store.now - afterMs)
      .filter(({ id }) => (announced.get(id)?.nextAt ?? 0) <= store.now && !sending.has(id))
      .sort((a, b) => (announced.get(a.id)?.nextAt ?? a.createdAt) - (announced.get(b.id)?.nextAt ?? b.createdAt))
      .slice(0, max)
      .map(({ id, change }) => ({ id, revisionId: revisionOf(change) }));
  };
  const take = (store: Store, ids: readonly string[], afterMs: number, atMostMs: number): Row[] => {
    const announced = announcedIn(store);
    for (const id of ids) {
      const attempts = announced.get(id)?.attempts ?? 0;
      const nextAt = store.now + Math.min(atMostMs, (afterMs * 2 ** attempts) / 2);
      announced.set(id, { attempts: attempts + 1, nextAt });
    }
    return [];
  };
  return [
    {
      matches: /^\/\* order\.announce-due \*\//,
      plan: () => ({ window: undefined, run: (store, values) => due(store, values as number[]) }),
    },
    {
      matches: /^\/\* order\.announce \*\//,
      plan: () => ({
        window: undefined,
        run: (store, [ids, afterMs, atMostMs]) => take(store, ids as string[], afterMs as number, atMostMs as number),
      }),
    },
    { matches: /^\/\* order\.announced \*\//, plan: () => ({ window: undefined, run: () => [] }) },
  ];
}

/** The carrier is fast, so that a run meets what it does. */
const CARRIER = { CARRIER_HANDS_OVER_AFTER_MS: 1_500, CARRIER_DELIVERS_AFTER_MS: 2_500 };

function shipment({ shipment: { Shipment, handlers, CarrierClock } }: Parts): SimulatedService {
  return {
    name: 'shipment',
    consumes: ['shipment.commands'],
    entities: [Shipment],
    handlers: () => new Handlers(handlers.map((Handler) => new Handler())),
    statements: dueStatements(Shipment),
    start: ({ pool, executor, store, unitOfWork, every }) => {
      const mayMove = ({ status }: Row): boolean => status === 'CREATED' || status === 'HANDED_OVER';
      const nothingMoves = (): boolean => ![...store.of(Shipment).rows.values()].some(mayMove);
      const jobs = { every: (ms: number, _: string, work: () => Promise<void>) => every(ms, work, nothingMoves) };
      new CarrierClock(CARRIER, { pool: pool as unknown as Pool }, unitOfWork, new NamedLocks({ executor }), jobs, {
        info: () => undefined,
      }).onModuleInit();
    },
  };
}

/** The statements of `due-shipments.ts`. */
function dueStatements(Shipment: Parts['shipment']['Shipment']): ServiceStatement[] {
  const due = (name: string, status: string, since: string): ServiceStatement => ({
    matches: new RegExp(`^/\\* carrier\\.${name} \\*/`),
    plan: () => ({
      window: undefined,
      run: (store, [afterMs = 0, max = 0]) =>
        [...store.of(Shipment).rows.values()]
          .map((row) => ({ orderId: row['orderId'], status: row['status'], at: Date.parse(String(row[since])) }))
          .filter((row) => row.status === status && row.at <= store.now - (afterMs as number))
          .sort((a, b) => a.at - b.at)
          .slice(0, max as number)
          .map(({ orderId }) => ({ orderId })),
    }),
  });
  return [due('hand-over', 'CREATED', 'createdAt'), due('deliver', 'HANDED_OVER', 'handedOverAt')];
}

function payment({ payment: parts }: Parts, { providerFor, coverage }: Surroundings): SimulatedService {
  const { Intent, Ledger, Account, Key, handlers, Worker, ProviderCallDue } = parts;
  return {
    name: 'payment',
    consumes: ['payment.commands'],
    entities: [Intent, Ledger, Account, Key],
    asksProvider: true,
    handlers: () => new Handlers(handlers.map((Handler) => new Handler())),
    statements: leaseStatements(
      Intent,
      () => coverage().add('leases taken over'),
      () => coverage().add('stale leases refused'),
    ),
    start: (started) => {
      const { unitOfWork, executor, tables, store, every } = started;
      const provider = providerFor(started);
      const worker = new Worker({
        executor,
        tables,
        locks: new NamedLocks({ executor }),
        isOurs: (id) => unitOfWork.isResponsibleFor(id),
        provider,
        unitOfWork,
        metrics: NO_METRICS as never,
        logger: SILENT_LOGGER,
      });
      unitOfWork.on(ProviderCallDue, (intents) => worker.take(intents));
      const isPending = (row: PaymentRow): boolean => PENDING.has(row.state.status);
      const nothingPends = (): boolean =>
        ![...(store.of(Intent).rows.values() as Iterable<unknown>)].some((row) => isPending(row as PaymentRow));
      every(SWEEP_EVERY_MS, () => worker.sweep(), nothingPends);
    },
  };
}
