import {
  CreateShipment,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  ShipmentCreated,
  ShipmentRefused,
  StockRejected,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { Version } from '@backstep/concurrency';
import type { Message } from '@backstep/messages';
import { compensatable, minutes, pivot, saga, seconds } from '@backstep/saga';
import { Handles, insert, one, reply, update, type Change, type DecideContext } from '@backstep/unit-of-work';
import { describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sagaSystem, simulate, Simulator, type Participant } from '../index.js';

/**
 * Goal: a service's own handlers run in the simulation of a saga, and a handler that forgets what participants promise is found.
 * Method: a saga with two participants; each mistake is one handler, written as people write it first.
 */
@Entity('parcel')
class Parcel {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: 'HELD' | 'RELEASED';
  @Column('text') code!: string;
  @Column('integer') packed!: number;
  @Version() version!: number;
}

const needs = ({ data: { orderId } }: { data: { orderId: string } }) => ({ parcel: one(Parcel, orderId) });
interface State {
  readonly parcel: Parcel | undefined;
}
const held = (orderId: string, code = ''): ReturnType<typeof insert<Parcel>> =>
  insert(Parcel, { orderId, status: 'HELD', code, packed: 1 });

@Handles(ReserveStock)
class Reserve {
  needs = needs;
  decide(command: Message<typeof ReserveStock>, { parcel }: State): Change[] {
    const { orderId, items } = command.data;
    const refused = reply(command, StockRejected, { orderId, reason: 'released_first', short: [] });
    if (parcel?.status === 'RELEASED') return [refused];
    return [...(parcel ? this.again(parcel) : [held(orderId)]), reply(command, StockReserved, { orderId, items })];
  }
  protected again(_: Parcel): Change[] {
    return [];
  }
}

@Handles(ReleaseStock)
class Release {
  needs = needs;
  decide(command: Message<typeof ReleaseStock>, { parcel }: State): Change[] {
    const { orderId, items } = command.data;
    const released = { status: 'RELEASED', code: '', packed: 0 } as const;
    const row = parcel ? update(Parcel, parcel, released) : insert(Parcel, { orderId, ...released });
    return [row, reply(command, StockReleased, { orderId, items })];
  }
}

@Handles(CreateShipment)
class Ship {
  needs = needs;
  decide(command: Message<typeof CreateShipment>, { parcel }: State, context: DecideContext): Change[] {
    const { orderId } = command.data;
    const code = parcel ? this.again(parcel, context) : context.newId();
    const row = parcel ? update(Parcel, parcel, { code }) : held(orderId, code);
    return [row, reply(command, ShipmentCreated, { orderId, shipmentId: code, trackingNumber: 'BS1' })];
  }
  protected again(parcel: Parcel, _: DecideContext): string {
    return parcel.code;
  }
}

@Handles(ReserveStock)
class PacksAgain extends Reserve {
  protected override again(parcel: Parcel): Change[] {
    return [update(Parcel, parcel, { packed: parcel.packed + 1 })];
  }
}

@Handles(CreateShipment)
class ShipsAgain extends Ship {
  protected override again(_: Parcel, { newId }: DecideContext): string {
    return newId();
  }
}

@Handles(CreateShipment)
class SaysNothingAgain extends Ship {
  override decide(command: Message<typeof CreateShipment>, state: State, context: DecideContext): Change[] {
    return state.parcel ? [] : super.decide(command, state, context);
  }
}

@Handles(ReleaseStock)
class WantsToHaveReserved extends Release {
  override decide(command: Message<typeof ReleaseStock>, state: State): Change[] {
    if (!state.parcel) throw new Error('nothing is reserved');
    return super.decide(command, state);
  }
}

const failure = () => ({ code: 'out_of_stock' as const, message: 'no' });
const packing = saga('packing', { failures: ['out_of_stock'] }).startsOn(OrderPlaced, {
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
      timeout: seconds(1),
      retry: { attempts: 2 },
    }),
    pivot('ship', {
      send: CreateShipment,
      done: ShipmentCreated,
      refused: ShipmentRefused,
      failure,
      retryAfter: seconds(1),
    }),
  ],
});

const inventory = (...handlers: Participant['handlers'][number][]): Participant => ({
  service: 'inventory',
  handlers,
  entities: [Parcel],
});
const shipment = (handler: Participant['handlers'][number]): Participant => ({
  service: 'shipment',
  handlers: [handler],
  entities: [Parcel],
});

const RUNS = 300;
const run = async (...participants: Participant[]) =>
  simulate(await Simulator.of(sagaSystem(packing, { participants })), {
    seed: 1,
    runs: RUNS,
    ordersMax: 2,
    assertCoverage: false,
  });

describe('handlers of a service in the simulation', () => {
  it('handlers that keep what participants promise keep every invariant of the simulation', async () => {
    const report = await run(inventory(Reserve, Release), shipment(Ship));
    expect(report.failure?.outcome.story).toBeUndefined();
    for (const happened of ['sagas COMPLETED', 'compensations', 'commands sent again', 'duplicates dropped']) {
      expect([happened, report.coverage.of(happened)]).not.toEqual([happened, 0]);
    }
  });

  it.each([
    ['answer a command that is sent again otherwise', [inventory(Reserve, Release), shipment(ShipsAgain)], 'P1'],
    ['do a command that is sent again once more', [inventory(PacksAgain, Release)], 'P2'],
    ['do not answer a command that is sent again', [shipment(SaysNothingAgain)], 'liveness'],
    ['throw when a compensation comes without its action', [inventory(Reserve, WantsToHaveReserved)], 'I13'],
  ])('handlers that %s are found by the simulation', async (_, participants, invariant) => {
    const { failure: found } = await run(...participants);
    expect(found?.invariant).toBe(invariant);
  });

  it('the story of a handler that answers otherwise is short, and says what differs', async () => {
    const { failure: found } = await run(shipment(ShipsAgain));
    expect(found?.outcome.story.at(-1)).toMatch(
      /VIOLATION P1: shipment answers CreateShipment of packing \d, which is sent again, by ShipmentCreated with another shipmentId$/,
    );
    expect(found?.outcome.story.length).toBeLessThan(40);
  });

  it('a simulated handler gets orders of different totals, and the story tells which', async () => {
    const { failure: found } = await run(shipment(ShipsAgain));
    expect(found?.outcome.story.find((line) => line.startsWith('given'))).toMatch(
      /^given {2}OrderPlaced \d at \d+ ms, total \d+$/,
    );
  });
});

describe('a saga is not simulated', () => {
  @Handles(CreateShipment)
  class AsksACarrier extends Ship {
    constructor(readonly carrier: string) {
      super();
    }
  }

  it.each([
    [
      'with a service that it asks nothing of',
      { ...shipment(Ship), service: 'payment' },
      'packing asks nothing of payment',
    ],
    [
      'with a service that lacks a handler',
      inventory(Reserve),
      "inventory handles no ReleaseStock: list a handler of it in the service's module",
    ],
    [
      'with handlers that are not plain',
      shipment(AsksACarrier as unknown as new () => object),
      'AsksACarrier of shipment takes arguments in its constructor',
    ],
  ])('a saga is not simulated %s', (_, participant, said) => {
    expect(() => sagaSystem(packing, { participants: [participant] })).toThrow(said);
  });
});
