import { SERVICES, type ServiceName } from '@backstep/contracts/topology';
import type { RunningEnvironment } from '@backstep/infrastructure';
import type { Evidence, ProviderFacts } from '@backstep/doctor';
import { gatherKafka, type RecordPlace } from './kafka.js';
import { gatherMessageTables, type MessageCounts } from './message-tables.js';
import { gatherOrders, windowOf } from './orders.js';
import { gatherInventory, gatherPayments, gatherShipments } from './participants.js';
import { gatherProvider } from './provider.js';
import { withBlockers } from './blockers.js';
import { comesToRest } from './rest.js';
import { gatherSagas } from './sagas.js';
import { Snapshot } from './snapshot.js';

export interface GatherOptions {
  /** How long to wait for rest, milliseconds. */
  readonly settleMs: number;
  /** How many orders are examined, the newest. What is kept of one takes a few KB of memory. */
  readonly ordersMax: number;
}

export interface Gathered {
  readonly evidence: Evidence;
  /** Beyond what the invariants judge. */
  readonly counts: {
    readonly orders: number;
    readonly records: number;
    readonly unreadable: number;
    readonly unreadablePlaces: readonly RecordPlace[];
    readonly byService: Readonly<Record<string, MessageCounts>>;
  };
}

/**
 * Collects the evidence, each table, the provider's ledger and Kafka once.
 *
 * The order of reading makes it sound while orders are placed, though no snapshot spans five databases: sagas first, then
 * orders, then shipments, then what comes before a shipment. So an order seen as ended has all its effects in what is read
 * later; one seen as pending may have moved on, and is not judged by them. The inboxes are read before Kafka: what they hold
 * must be there. The two chains need nothing of each other, and Kafka's is the long one, so they are read side by side.
 * @throws UnreachableError when a database, Kafka or the provider does not answer
 */
export async function gather(
  environment: RunningEnvironment,
  { settleMs, ordersMax }: GatherOptions,
): Promise<Gathered> {
  const { databases } = environment;
  const atRest = await comesToRest(databases, settleMs);
  const takenAt = Date.now();

  const { from, all } = await Snapshot.of(databases, 'order', (snapshot) => windowOf(snapshot, ordersMax));
  const [{ sagas, provider, ...state }, [tables, log]] = await allOf([
    sagasThenEffects(environment, from),
    tablesThenKafka(environment, from),
  ]);

  const { messages, otherMessageIds, kafkaCompleteSince, logResets, records, unreadable, unreadablePlaces } = log;
  const evidence: Evidence = {
    takenAt,
    atRest,
    ...state,
    sagas: await withBlockers(environment.gateway, sagas, takenAt),
    provider,
    messages,
    otherMessageIds,
    kafkaCompleteSince,
    logResets,
    inboxes: new Map(tables.map(({ service, inbox }) => [service, inbox])),
    outbox: tables.flatMap(({ outbox }) => outbox),
    parked: tables.flatMap(({ parked }) => parked),
  };
  const byService = Object.fromEntries(tables.map(({ service, counts }) => [service, counts]));
  return { evidence, counts: { orders: all, records, unreadable, unreadablePlaces, byService } };
}

async function sagasThenEffects({ databases, provider: providerUrl }: RunningEnvironment, from: string) {
  const sagas = await Snapshot.of(databases, 'orchestrator', (snapshot) => gatherSagas(snapshot, from));
  const orders = await Snapshot.of(databases, 'order', (snapshot) => gatherOrders(snapshot, from));
  const { shipments } = await Snapshot.of(databases, 'shipment', (snapshot) => gatherShipments(snapshot, from));
  const [{ paidByAccounts, ...payments }, inventory, provider] = await allOf([
    Snapshot.of(databases, 'payment', (snapshot) => gatherPayments(snapshot, from)),
    Snapshot.of(databases, 'inventory', (snapshot) => gatherInventory(snapshot, from)),
    gatherProvider(providerUrl, from),
  ]);
  return {
    sagas,
    ...orders,
    shipments,
    ...payments,
    ...inventory,
    provider: provider && withAccounts(provider, paidByAccounts),
  };
}

/** What holds an order's money, beside the provider: the account that has paid it. So both are judged alike. */
function withAccounts(provider: ReadonlyMap<string, readonly ProviderFacts[]>, paid: readonly ProviderFacts[]) {
  const all = new Map(provider);
  for (const one of paid) {
    const { orderId = one.reference } = one;
    all.set(orderId, [...(all.get(orderId) ?? []), one]);
  }
  return all;
}

async function tablesThenKafka(environment: RunningEnvironment, from: string) {
  const { databases } = environment;
  const tablesOf = (service: ServiceName) =>
    Snapshot.of(databases, service, async (snapshot) => ({
      service,
      ...(await gatherMessageTables(snapshot, service, from)),
    }));
  const tables = await allOf(SERVICES.map(tablesOf));
  return [tables, await gatherKafka(environment, from)] as const;
}

/** Waits for all also when one fails: no connection is left behind by a reader nobody waits for. */
async function allOf<const T extends readonly Promise<unknown>[]>(
  reading: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(reading);
  return Promise.all(reading);
}
