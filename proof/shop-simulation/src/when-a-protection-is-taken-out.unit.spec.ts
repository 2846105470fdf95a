import { TextArray } from '@backstep/concurrency';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, OutboxRelay } from '@backstep/outbox';
import { sagaRegistry, type SagaDefinition } from '@backstep/saga';
import { SagaEventHandler } from '@backstep/saga/runtime';
import {
  orchestratorOf,
  simulate,
  Simulator,
  type Random,
  type SimulatedSystem,
  type World,
} from '@backstep/simulation';
import { PARTS } from './parts.js';
import { SimulatedProvider } from './provider.js';
import type { OrderSubject } from './scenario.js';
import { placeOrderSystem } from './system.js';

/**
 * Goal: the simulation can fail: when a protection is taken out, the invariant that it guards breaks.
 * Method: one real component, or one statement, is broken by hand; seeds run until an invariant breaks.
 */
type System = SimulatedSystem<OrderSubject>;
const RUNS_MAX = 250;

let system: System;
const parts = PARTS;
beforeAll(() => {
  system = placeOrderSystem();
});

async function found(
  broken: System,
  tamper?: (text: string) => string,
  instances?: number,
): Promise<string | undefined> {
  const simulator = await Simulator.of(broken, tamper);
  for (let seed = 1; seed <= RUNS_MAX; seed++) {
    const plan = simulator.plan(seed, { ordersMax: 3 });
    const { violation } = await simulator.run({ ...plan, instances: instances ?? plan.instances });
    if (violation) return violation.invariant;
  }
  return undefined;
}

/** The system with one part broken in each world before it begins. */
const inEachWorld = (sabotage: (world: World) => void): System => ({
  ...system,
  begin: (world, orders) => {
    sabotage(world);
    return system.begin(world, orders);
  },
});

const withService = (
  name: string,
  change: (service: System['services'][number]) => System['services'][number],
): System => ({
  ...system,
  services: system.services.map((service) => (service.name === name ? change(service) : service)),
});

class Forgetful<T> extends Set<T> {
  override has(): boolean {
    return false;
  }
}
class Leaky<K, V> extends Map<K, V> {
  override set(): this {
    return this;
  }
}

describe('taken out:', () => {
  const saved = {
    decide: SagaEventHandler.prototype.decide,
    committed: OutboxRelay.prototype.committed,
    reachedBy: SimulatedProvider.prototype.reachedBy,
  };
  afterEach(() => {
    SagaEventHandler.prototype.decide = saved.decide;
    OutboxRelay.prototype.committed = saved.committed;
    SimulatedProvider.prototype.reachedBy = saved.reachedBy;
  });

  it('the inbox: a message is handled twice (I12)', async () => {
    const broken = inEachWorld((world) => {
      for (const store of world.stores.values()) Reflect.set(store, 'inbox', new Forgetful());
    });
    expect(await found(broken)).toBe('I12');
  });

  it.each([
    ['stock', ['stock']],
    ['a saga', ['saga_instance']],
  ])('the version check on %s: an update is lost (I11)', async (_, tables) => {
    const unchecked = (text: string): string =>
      tables.reduce((sql, table) => {
        const part = new RegExp(
          `((?:UPDATE|DELETE FROM) "${table}" AS t (?:(?!RETURNING).)*?) AND t\\."version" = ANY\\(ARRAY\\[x\\.expected_version\\]\\)`,
          'gs',
        );
        return sql.replace(part, '$1');
      }, text);
    expect(await found(system, unchecked, 2)).toBe('I11');
  });

  it('the order of commit and publish: what no commit has written is in Kafka (I10)', async () => {
    const broken = withService('inventory', (service) => ({
      ...service,
      start: ({ pool, kernel }) => {
        const { connect } = pool;
        const tooEarly = (config: Parameters<typeof pool.query>[0]): void => {
          if (typeof config !== 'string' && config.text.includes('INSERT INTO outbox')) {
            const first =
              Number(/headers, x\.value FROM (?:unnest\(|\(VALUES \()\$(\d+)::text/.exec(config.text)?.[1]) - 1;
            const [ids, , topics, keys, headers, bodies] = [0, 1, 2, 3, 4, 5].map((n) => {
              const param: unknown = config.values?.[first + n];
              return param instanceof TextArray ? param.items : [param as string];
            });
            topics?.forEach((topic, at) => {
              const [id, key] = [ids?.[at] ?? '', keys?.[at] ?? ''];
              const message = {
                topic: topic ?? '',
                key,
                headers: headersOf({ id, key, headers: headers?.[at] ?? '{}' }),
                value: bodies?.[at] ?? '',
              };
              kernel.after(0, () => world?.log.append(message));
            });
          }
        };
        pool.connect = async () => {
          const client = await connect.call(pool);
          const { query } = Object.getPrototypeOf(client) as typeof client;
          client.query = (config, values) => {
            tooEarly(config);
            return query.call(client, config, values);
          };
          return client;
        };
      },
    }));
    let world: World | undefined;
    const { begin } = broken;
    expect(
      await found({
        ...broken,
        begin: (one, orders) => {
          world = one;
          return begin(one, orders);
        },
      }),
    ).toBe('I10');
  });

  it('the wait for the acknowledgement: a row goes before Kafka has it (I10)', async () => {
    OutboxRelay.prototype.committed = function (write) {
      saved.committed.call(this, write);
      this.giveBack(write.sent.map(({ id }) => id));
    };
    expect(await found(system)).toBe('I10');
  });

  it('the arming of compensations: an instance that cannot be (I9)', async () => {
    SagaEventHandler.prototype.decide = function (message, state, context) {
      return saved.decide.call(this, message, state, context).map((change) => {
        if (change.change === 'send' || change.change === 'effect' || change.change === 'part') return change;
        const row = change.row as { instance?: { journal: readonly object[] } };
        if (!row.instance) return change;
        const journal = row.instance.journal.map((step) => ({ ...step, armed: false }));
        return { ...change, row: { ...row, instance: { ...row.instance, journal } } };
      });
    };
    expect(await found(system)).toBe('I9');
  });

  it('the order of compensations: stock is released before the refund (I7)', async () => {
    expect(
      await found(
        withService('orchestrator', () => orchestratorOf(sagaRegistry([swapped(parts.saga), ...parts.changes]))),
      ),
    ).toBe('I7');
  });

  it('the one idempotency key of all tries: captured twice (I3)', async () => {
    let tries = 0;
    SimulatedProvider.prototype.reachedBy = function (process) {
      const { paymentIntents, refunds } = saved.reachedBy.call(this, process);
      return {
        refunds,
        paymentIntents: {
          create: (parameters, { idempotencyKey }) =>
            paymentIntents.create(parameters, { idempotencyKey: `${idempotencyKey}:${++tries}` }),
        },
      };
    };
    // A flaky card would refuse each new key, and never be charged.
    const drawSubject = (random: Random, number: number): OrderSubject => ({
      ...system.drawSubject(random, number),
      card: 'pm_card_lostResponse',
    });
    expect(await found({ ...system, drawSubject })).toBe('I3');
  });

  it('the comparison of command ids: somebody else’s answer moves a saga (I9)', async () => {
    SagaEventHandler.prototype.decide = function (message, state, context) {
      const instance = state.sagas.get(message.sagaId ?? '')?.instance;
      const commandId = instance && 'awaiting' in instance ? instance.awaiting.commandId : message.commandId;
      return saved.decide.call(this, { ...message, commandId }, state, context);
    };
    expect(await found(system)).toBe('I9');
  });

  it('the idempotency key of a request: one request, two orders (I1)', async () => {
    const broken = inEachWorld((world) => {
      Reflect.set(world.store('order').of(parts.order.Key), 'rows', new Leaky());
    });
    expect(await found(broken)).toBe('I1');
  });

  it('the timers of sagas: an order never ends (liveness)', async () => {
    expect(await found(withService('orchestrator', (service) => ({ ...service, start: () => undefined })))).toBe(
      'liveness',
    );
  });

  it('the second announcement of orders: one never ends (liveness)', async () => {
    expect(await found(withService('order', (service) => ({ ...service, start: () => undefined })))).toBe('liveness');
  });

  it('the holder of locks: a worker that slept ends the lease of another (fencing)', async () => {
    const simulator = await Simulator.of(system, (text) =>
      text.startsWith('/* locks.release */')
        ? text.replace('t.holder = ANY(ARRAY[x.holder]) AND (x.epoch IS NULL OR t.epoch = x.epoch) AND ', '')
        : text,
    );
    const order: OrderSubject = {
      number: 1,
      at: 0,
      items: [{ sku: 'mug', quantity: 1 }],
      card: 'pm_card_slow',
      country: 'GB',
      twice: false,
      cancelAfter: undefined,
      revisions: [],
      webhooks: 0,
    };
    // The first worker calls and sleeps for longer than its lease; the second calls and is still waiting when the first wakes.
    const faults = [13_900, 14_500, 15_100, 15_700].map((ms) => [
      { kind: 'window', service: 'payment', window: 'before provider', nth: 1, act: 'stop', ms } as const,
      { kind: 'window', service: 'payment', window: 'after provider', nth: 2, act: 'lose', ms: 0 } as const,
    ]);
    const invariants = new Set<string | undefined>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      for (const each of faults) {
        const { violation } = await simulator.run({ seed, instances: 2, subjects: [order], faults: each });
        invariants.add(violation?.invariant);
      }
    }
    expect([...invariants]).toContain('fencing');
  });
});

it('nothing taken out: nothing is found', async () => {
  const report = await simulate(await Simulator.of(system), { seed: 1, runs: 30, ordersMax: 3, assertCoverage: false });
  expect(report.failure).toBeUndefined();
});

/** Swaps the compensations of the first two steps. */
function swapped(saga: SagaDefinition): SagaDefinition {
  const [first, second, ...rest] = saga.steps;
  if (first?.kind !== 'compensatable' || second?.kind !== 'compensatable')
    throw new Error('two compensatable steps are needed');
  return { ...saga, steps: [{ ...first, undo: second.undo }, { ...second, undo: first.undo }, ...rest] };
}
