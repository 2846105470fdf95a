import {
  ConfirmOrder,
  CreateShipment,
  OrderConfirmed,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  ShipmentCreated,
  ShipmentRefused,
  StockRejected,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { compensatable, minutes, pivot, retriable, saga, seconds, type SagaInstance } from '@backstep/saga';
import { instanceOf, SagaEventHandler } from '@backstep/saga/runtime';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FAULTS_MIN } from '../world/faults.js';
import { sagaSystem, simulate, Simulator, type SagaInvariant } from '../index.js';

/**
 * Goal: any saga can be simulated, a seed tells one story, and a broken engine is found.
 * Method: a small saga with participants made from its table, seeds in a row.
 */
const failure = () => ({ code: 'out_of_stock' as const, message: 'no' });
const small = saga('small', { failures: ['out_of_stock'] }).startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('reserve', {
      send: ReserveStock,
      done: StockReserved,
      refused: StockRejected,
      failure,
      undo: ReleaseStock,
      undone: StockReleased,
      timeout: seconds(10),
    }),
    pivot('ship', { send: CreateShipment, done: ShipmentCreated, refused: ShipmentRefused, failure }),
    retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed }),
  ],
});

const SEEDS = 60;
const options = { seed: 1, runs: SEEDS, ordersMax: 2, assertCoverage: false };
const simulated = async (invariants: readonly SagaInvariant[] = []) => Simulator.of(sagaSystem(small, { invariants }));

describe('a saga in the simulation', () => {
  it('a simulated saga keeps every invariant and comes to rest', async () => {
    const report = await simulate(await simulated(), options);
    expect(report.failure?.outcome.story).toBeUndefined();
    expect(report.runs).toBe(SEEDS);
    for (const happened of [
      'sagas COMPLETED',
      'sagas COMPENSATED',
      'compensations',
      'duplicates dropped',
      'commands sent again',
    ]) {
      expect([happened, report.coverage.of(happened)]).not.toEqual([happened, 0]);
    }
  });

  it('a simulated run of a saga is the same for one seed, byte for byte, and another for another seed', async () => {
    const story = async (seed: number): Promise<string> => {
      const simulator = await simulated();
      return (await simulator.run(simulator.plan(seed, { ordersMax: 2 }), true)).story.join('\n');
    };
    expect(await story(7)).toBe(await story(7));
    expect(await story(7)).not.toBe(await story(8));
  });

  it('a simulated saga is checked against its team’s invariants, and the story of a violation is short', async () => {
    const noUndoing: SagaInvariant = {
      id: 'X1',
      check: ({ steps }: SagaInstance, effect) =>
        steps.some(({ state }) => state === 'undone') && effect('ReserveStock') === 'undone'
          ? 'stock was released'
          : undefined,
    };
    const { failure } = await simulate(await simulated([noUndoing]), options);
    expect(failure?.invariant).toBe('X1');
    // Fewer than any run begins with. (Without faults chance falls otherwise, and nobody may have refused.)
    expect(failure?.plan.faults.length).toBeLessThan(FAULTS_MIN);
    expect(failure?.outcome.story.at(-1)).toMatch(/VIOLATION X1: the saga of small \d is \w+, and stock was released$/);
    expect(failure?.outcome.story.length).toBeLessThan(30);
  });
});

describe('a broken engine is found', () => {
  const { decide } = SagaEventHandler.prototype;
  afterEach(() => {
    SagaEventHandler.prototype.decide = decide;
  });

  async function found(): Promise<string | undefined> {
    const simulator = await Simulator.of(sagaSystem(small));
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violation } = await simulator.run(simulator.plan(seed, options));
      if (violation) return violation.invariant;
    }
    return undefined;
  }

  it('an engine that accepts any answer for the awaited one is found by an illegal move (I9)', async () => {
    SagaEventHandler.prototype.decide = function (message, state, context) {
      const row = state.sagas.get(message.sagaId ?? '');
      const instance = row && instanceOf(row);
      const commandId = instance && 'awaiting' in instance ? instance.awaiting.commandId : message.commandId;
      return decide.call(this, { ...message, commandId }, state, context);
    };
    expect(await found()).toBe('I9');
  });

  it('an engine that takes a refusal for done is found: the step has not happened (I6)', async () => {
    SagaEventHandler.prototype.decide = function (message, state, context) {
      const type = message.type === StockRejected.name ? StockReserved.name : message.type;
      return decide.call(this, { ...message, type }, state, context);
    };
    expect(await found()).toBe('I6');
  });
});
