import { Tables, type Executor } from '@backstep/concurrency';
import {
  CATALOGUE,
  ConfirmOrder,
  OrderConfirmed,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import {
  encode,
  message,
  type DataOf,
  type Message,
  type MessageDefinition,
  type WireMessage,
} from '@backstep/messages';
import type { Delivered } from '@backstep/inbox';
import { OutboxRelay } from '@backstep/outbox';
import { aMessage } from '@backstep/messages/testing';
import { anOrder } from '@backstep/contracts/testing';
import { createTestDatabase } from '@backstep/testing';
import { Handlers, MessageConsumer, UnitOfWork, UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { DataSource } from 'typeorm';
import {
  compensatable,
  minutes,
  PostgresSagaStore,
  retriable,
  saga,
  SAGA_ENTITIES,
  sagaIdFor,
  sagaRegistry,
  SagaEventHandler,
  SagaOperatorHandler,
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaVersionsCounted1700000000201,
  SagaWakes1700000000004,
  seconds,
  TimerPoller,
  type DueSaga,
  type IgnoredReason,
  type SagaDefinition,
} from '../index.js';

/** What the specs of the runtime share (no spec itself): orchestrators of a small saga on one PostgreSQL, with a clock of the spec's own. */
export const small = (version: number) =>
  saga('small').startsOn(OrderPlaced, {
    version,
    deadline: minutes(10),
    steps: [
      compensatable('reserve', {
        send: ReserveStock,
        done: StockReserved,
        undo: ReleaseStock,
        undone: StockReleased,
        timeout: seconds(10),
      }),
      retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed }),
    ],
  });

export const NOON = Date.UTC(2030, 0, 1, 12);
export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let offset = 0;
export const delivered = (event: Message, definition?: MessageDefinition): Delivered => ({
  ...(definition ? encode(event, definition) : CATALOGUE.encode(event)),
  partition: 0,
  offset: String(offset++),
  timestamp: NOON,
});

export const placed = (changes: Partial<DataOf<typeof OrderPlaced>> = {}): Message<typeof OrderPlaced> =>
  aMessage(OrderPlaced, anOrder(changes), { sagaId: undefined, commandId: undefined, traceparent: TRACE });

/** What a participant answers: the command's saga and id, in a message of its own. */
export const answer = <D extends MessageDefinition>(command: WireMessage, definition: D, data: DataOf<D>): Message<D> =>
  message(definition, data, {
    source: definition.service,
    sagaId: command.headers['ce_sagaid'],
    commandId: command.headers['ce_commandid'],
    causationId: command.headers['ce_id'],
    traceparent: command.headers['traceparent'],
  });

export const reserved = (command: WireMessage) => answer(command, StockReserved, { orderId: command.key, items: [] });
export const confirmed = (command: WireMessage) => answer(command, OrderConfirmed, { orderId: command.key });

export async function orchestrators() {
  const database = await createTestDatabase();
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: SAGA_ENTITIES,
    migrations: [
      ...UNIT_OF_WORK_MIGRATIONS,
      SagaTables1700000000002,
      SagaTimerWakes1700000000003,
      SagaWakes1700000000004,
      SagaVersionsCounted1700000000201,
    ],
    poolSize: 2,
  }).initialize();
  await dataSource.runMigrations();
  const sent: WireMessage[] = [];
  const ignored: IgnoredReason[] = [];
  const failed: DueSaga[] = [];
  const clock = { now: NOON };
  const relays: OutboxRelay[] = [];

  function instance(definitions: readonly SagaDefinition[] = [small(1)]) {
    const executor = database.pool as unknown as Executor;
    const relay = new OutboxRelay(executor, {
      publish: async (messages: readonly WireMessage[]) => void sent.push(...messages),
    });
    relays.push(relay);
    const environment = {
      tables: new Tables(dataSource),
      source: 'orchestrator',
      shardOf: () => 0,
      now: () => clock.now,
    };
    const unitOfWork = new UnitOfWork(database.pool, environment, relay);
    const registry = sagaRegistry(definitions);
    const handler = new SagaEventHandler(registry, { ignored: (_, reason) => ignored.push(reason) });
    const handlers = new Handlers([]);
    for (const event of registry.events) handlers.add(event, handler);
    const consumer = new MessageConsumer(unitOfWork, handlers, CATALOGUE);
    const store = new PostgresSagaStore(executor, unitOfWork);
    return {
      unitOfWork,
      store,
      operators: new SagaOperatorHandler(registry),
      timers: new TimerPoller(store, unitOfWork, registry, () => clock.now, { failed: (due) => failed.push(due) }),
      consumer,
      hear: (...events: Message[]) =>
        consumer.deliver(events.map((event) => delivered(event, handlers.find(event.type, event.version)?.definition))),
      told: () => relay.drained(),
    };
  }

  return {
    database,
    instance,
    clock,
    sent,
    ignored,
    failed,
    sagaOf: (order: Message) => sagaIdFor(small(1), order.subject),
    async reset(): Promise<void> {
      for (const relay of relays.splice(0)) await relay.stop(0);
      await database.pool.query('TRUNCATE inbox, outbox, parked_message, saga_instance');
      sent.length = 0;
      ignored.length = 0;
      failed.length = 0;
      clock.now = NOON;
    },
    async close(): Promise<void> {
      for (const relay of relays) await relay.stop(0);
      await dataSource.destroy();
      await database.drop();
    },
  };
}
