import { beforeEach, describe, expect, it } from '@jest/globals';
import { message, newId, type DataOf, type EventDefinition, type Message } from '@backstep/messages';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import {
  hasEnded,
  minutes,
  pivot,
  compensatable,
  saga,
  sagaRegistry,
  seconds,
  type FailureCode,
  type IgnoredReason,
} from '../index.js';
import {
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeDelivered,
  CakeWished,
  DeliverCake,
  DeliveryRefused,
  wished,
  WishWithdrawn,
} from '../testing/bakery.fixture.spec.js';
import { SagaEventHandler } from './saga-handlers.js';
import { SAGA_ENTITIES, SagaRow } from './saga.entities.js';
import { instanceOf } from './stored-instance.js';

/**
 * Goal: an event that answers no command and names no saga turns the saga of its subject back, once, while it can; and a subject has as many
 * instances as the saga's definition says. Method: the event handler on rows in memory.
 */
type Codes = FailureCode<'withdrawn'>;
const table = {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable<
      typeof CakeWished,
      typeof BakeCake,
      typeof CakeBaked,
      never,
      typeof BinCake,
      typeof CakeBinned,
      Codes
    >('bake', { send: BakeCake, done: CakeBaked, undo: BinCake, undone: CakeBinned, timeout: seconds(10) }),
    pivot<typeof CakeWished, typeof DeliverCake, typeof CakeDelivered, typeof DeliveryRefused, Codes>('deliver', {
      send: DeliverCake,
      done: CakeDelivered,
      refused: DeliveryRefused,
      failure: ({ reason }) => ({ code: 'withdrawn', message: reason }),
    }),
  ],
} as const;
const withdrawable = saga('bake-and-deliver', { failures: ['withdrawn'] }).startsOn(CakeWished, {
  ...table,
  turnsBackOn: { event: WishWithdrawn, failure: ({ why }) => ({ code: 'withdrawn', message: why }) },
});
const oneAStreet = saga('one-a-street', { failures: ['withdrawn'] }).startsOn(CakeWished, {
  ...table,
  identifiedBy: 'street',
});

let rows: InMemoryRows;
let ignored: IgnoredReason[];
beforeEach(async () => {
  rows = await InMemoryRows.of(SAGA_ENTITIES);
  ignored = [];
});

const hear = (definition: typeof withdrawable, event: Message): string[] =>
  rows
    .handle(new SagaEventHandler(sagaRegistry([definition]), { ignored: (_, reason) => ignored.push(reason) }), event)
    .map(({ type }) => type);

const withdrawn = (cakeId: string) => message(WishWithdrawn, { cakeId, why: 'no hunger' }, { source: 'counter' });

function answer<D extends EventDefinition>(definition: D, data: DataOf<D>): Message {
  const [row] = rows.all(SagaRow);
  const saga = row && instanceOf(row);
  if (!saga || hasEnded(saga)) throw new Error('there must be one living saga');
  const { id, awaiting } = saga;
  return message(definition, data, { source: definition.service, sagaId: id, commandId: awaiting.commandId });
}

describe('an event that turns a saga back', () => {
  it('an event turns back the saga of its subject, once; the answer to the step that ran meanwhile changes nothing', () => {
    const cakeId = newId();
    expect(hear(withdrawable, wished({ cakeId }))).toEqual(['BakeCake']);
    const baked = answer(CakeBaked, { cakeId });
    expect(hear(withdrawable, withdrawn(cakeId))).toEqual(['BinCake']);
    expect(rows.all(SagaRow)).toMatchObject([
      { status: 'COMPENSATING', instance: { failure: { code: 'withdrawn', message: 'no hunger' } } },
    ]);
    expect(hear(withdrawable, baked)).toEqual([]);
    expect(hear(withdrawable, withdrawn(cakeId))).toEqual([]);
    expect(ignored).toEqual(['not_awaited', 'cannot_turn_back']);
  });

  it('an event that comes after the pivot is sent has no effect', () => {
    const cakeId = newId();
    hear(withdrawable, wished({ cakeId }));
    expect(hear(withdrawable, answer(CakeBaked, { cakeId }))).toEqual(['DeliverCake']);
    expect(hear(withdrawable, withdrawn(cakeId))).toEqual([]);
    hear(withdrawable, answer(CakeDelivered, { cakeId }));
    expect(hear(withdrawable, withdrawn(cakeId))).toEqual([]);
    expect(ignored).toEqual(['cannot_turn_back', 'ended']);
    expect(rows.all(SagaRow)).toMatchObject([{ status: 'COMPLETED' }]);
  });

  it('an event of a subject that has no saga begins none', () => {
    hear(withdrawable, wished());
    expect(hear(withdrawable, withdrawn(newId()))).toEqual([]);
    expect(rows.all(SagaRow)).toMatchObject([{ status: 'RUNNING', version: 1 }]);
  });
});

describe('a saga that a field identifies', () => {
  it('a saga that a field identifies runs once for each value of the field, and a start that comes again is the same', () => {
    const cakeId = newId();
    expect(hear(oneAStreet, wished({ cakeId, street: 'Mill Lane' }))).toEqual(['BakeCake']);
    expect(hear(oneAStreet, wished({ cakeId, street: 'High Street' }))).toEqual(['BakeCake']);
    expect(hear(oneAStreet, wished({ cakeId, street: 'Mill Lane' }))).toEqual([]);
    expect(rows.all(SagaRow).map(({ subject }) => subject)).toEqual([cakeId, cakeId]);
  });
});
