import { Tables, type Executor } from '@backstep/concurrency';
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
import { createTestDatabase } from '@backstep/testing';
import { Handlers, MessageConsumer, UnitOfWork, UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { DataSource } from 'typeorm';
import { sagaIdFor, sagaRegistry, type IgnoredReason, type SagaDefinition } from '../index.js';
import {
  PostgresSagaStore,
  SAGA_ENTITIES,
  SagaEventHandler,
  SagaOperatorHandler,
  SAGA_MIGRATIONS,
  TimerPoller,
  type DueSaga,
} from './index.js';
import { BAKERY, bakeAndServe, CakeBaked, CakeServed, wished } from '../testing/bakery.fixture.spec.js';

/** What the specs of the runtime share (no spec itself): orchestrators of `bake-and-serve` on one PostgreSQL, with a clock of the spec's own. */
export const NOON = Date.UTC(2030, 0, 1, 12);
export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let offset = 0;
export const delivered = (event: Message, definition?: MessageDefinition): Delivered => ({
  ...(definition ? encode(event, definition) : BAKERY.encode(event)),
  partition: 0,
  offset: String(offset++),
  timestamp: NOON,
});

/** The start event of a saga here: a wish with a trace. */
export const aWish = () => wished({}, { traceparent: TRACE });

/** What a participant answers: the command's saga and id, in a message of its own. */
export const answer = <D extends MessageDefinition>(command: WireMessage, definition: D, data: DataOf<D>): Message<D> =>
  message(definition, data, {
    source: definition.service,
    sagaId: command.headers['ce_sagaid'],
    commandId: command.headers['ce_commandid'],
    causationId: command.headers['ce_id'],
    traceparent: command.headers['traceparent'],
  });

export const baked = (command: WireMessage) => answer(command, CakeBaked, { cakeId: command.key });
export const served = (command: WireMessage) => answer(command, CakeServed, { cakeId: command.key });

export async function orchestrators() {
  const database = await createTestDatabase();
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: SAGA_ENTITIES,
    migrations: [...UNIT_OF_WORK_MIGRATIONS, ...SAGA_MIGRATIONS],
    poolSize: 2,
  }).initialize();
  await dataSource.runMigrations();
  const sent: WireMessage[] = [];
  const ignored: IgnoredReason[] = [];
  const failed: DueSaga[] = [];
  const clock = { now: NOON };
  const relays: OutboxRelay[] = [];

  function instance(definitions: readonly SagaDefinition[] = [bakeAndServe(1)]) {
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
    const consumer = new MessageConsumer(unitOfWork, handlers, BAKERY);
    const store = new PostgresSagaStore(executor);
    /** @param isOurs for which subjects it is responsible */
    const timersOf = (isOurs: (subject: string) => boolean) =>
      new TimerPoller(store, unitOfWork, registry, () => clock.now, { failed: (due) => failed.push(due) }, isOurs);
    return {
      unitOfWork,
      store,
      operators: new SagaOperatorHandler(registry),
      timers: timersOf(() => true),
      timersOf,
      consumer,
      hear: (...events: Message[]) =>
        consumer.deliver(events.map((event) => delivered(event, handlers.find(event.type, event.version)?.definition))),
      told: () => relay.drained(),
    };
  }

  /** The sent messages as a reader's inbox lets them through: one instance may send again what the other has just sent for the same key. */
  const heard = (): WireMessage[] =>
    [...new Map([...sent].reverse().map((command) => [command.headers['ce_id'], command])).values()].reverse();
  const sentFor = (key: string): WireMessage[] => heard().filter((command) => command.key === key);

  return {
    database,
    instance,
    clock,
    sent,
    sentFor,
    /** How often each command was sent, as `{ type: times }`. */
    attempts(): Record<string, number> {
      const times: Record<string, number> = {};
      for (const { headers } of heard()) times[headers['ce_type'] ?? ''] = (times[headers['ce_type'] ?? ''] ?? 0) + 1;
      return times;
    },
    /** The latest message that was sent for this key. */
    last(key: string): WireMessage {
      const command = sentFor(key).at(-1);
      if (!command) throw new Error(`nothing was sent for ${key}`);
      return command;
    },
    /** Starts as many sagas at this instance. @returns their wishes */
    async started(one: ReturnType<typeof instance>, count = 1) {
      const wishes = Array.from({ length: count }, aWish);
      await one.hear(...wishes);
      await one.told();
      return wishes;
    },
    ignored,
    failed,
    sagaOf: (wish: Message) => sagaIdFor(bakeAndServe(1), wish.subject),
    async reset(): Promise<void> {
      for (const relay of relays.splice(0)) await relay.stop(0);
      await database.pool.query('TRUNCATE inbox, outbox, parked_message, saga_instance, saga_operation');
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
