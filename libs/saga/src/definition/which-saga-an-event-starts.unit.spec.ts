import { event } from '@backstep/messages';
import { describe, expect, it } from '@jest/globals';
import {
  compensatable,
  minutes,
  retriable,
  saga,
  sagaRegistry,
  seconds,
  UnknownSagaVersionError,
  type FailureCode,
  type SagaTable,
} from '../index.js';
import {
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeBurnt,
  CakeServed,
  CakeWished,
  ServeCake,
  WishWithdrawn,
} from '../testing/bakery.fixture.spec.js';

/** Goal: an event starts and turns back the newest saga that names its version, and each instance keeps its own. Method: the registry alone. */
type Table = SagaTable<typeof CakeWished, FailureCode<'refused'>>;

const refusal = () => ({ code: 'refused' as const, message: '' });
const bake: Table['steps'][number] = compensatable('bake', {
  ...{ send: BakeCake, done: CakeBaked, refused: CakeBurnt, failure: refusal, undo: BinCake, undone: CakeBinned },
  timeout: seconds(1),
});
const serve: Table['steps'][number] = retriable('serve', { send: ServeCake, done: CakeServed });

const define = (version: number, steps: Table['steps'], change: Partial<Table> = {}) =>
  saga('try', { failures: ['refused'] }).startsOn(CakeWished, { version, deadline: minutes(1), steps, ...change });

describe('the registry', () => {
  const first = define(1, [serve]);
  const second = define(2, [bake, serve]);
  const registry = sagaRegistry([second, first]);
  const wished = { type: 'CakeWished', version: 1 };

  it('the registry starts the newest version, and finds for each instance its own', () => {
    expect(registry.startedBy(wished)).toEqual([second]);
    expect(registry.startedBy({ type: 'CakeWished', version: 2 })).toEqual([]);
    expect(registry.definitionOf({ name: 'try', definitionVersion: 1 })).toBe(first);
  });

  it('the registry starts, for each version of the start event, the newest saga that names that version', () => {
    const wishedV2 = event('counter', 'CakeWished', {
      version: 2,
      key: 'cakeId',
      summary: '',
      data: CakeWished.schema,
    });
    const third = saga('try', { failures: ['refused'] }).startsOn(wishedV2, {
      version: 3,
      deadline: minutes(1),
      steps: [serve],
    });
    const both = sagaRegistry([second, third, first]);
    expect([1, 2, 3].map((version) => both.startedBy({ type: 'CakeWished', version }))).toEqual([
      [second],
      [third],
      [],
    ]);
    expect(both.events.filter(({ name }) => name === 'CakeWished').map(({ version }) => version)).toEqual([1, 2]);
  });

  it('the registry turns back the newest version that names the event, and listens to the event', () => {
    const third = define(3, [bake, serve], { turnsBackOn: { event: WishWithdrawn, failure: refusal } });
    const withdrawn = sagaRegistry([first, second, third]);
    expect(withdrawn.turnedBackBy({ type: 'WishWithdrawn', version: 1 })).toEqual([third]);
    expect(withdrawn.turnedBackBy({ type: 'WishWithdrawn', version: 2 })).toEqual([]);
    expect(withdrawn.turnedBackBy(wished)).toEqual([]);
    expect(withdrawn.events.map(({ name }) => name)).toContain('WishWithdrawn');
  });

  it('the registry names a version that is not registered', () => {
    expect(() => registry.definitionOf({ name: 'try', definitionVersion: 3 })).toThrow(
      new UnknownSagaVersionError('try', 3, [1, 2]),
    );
    expect(() => registry.definitionOf({ name: 'other', definitionVersion: 1 })).toThrow(/no version of it is/);
  });

  it('the registry lists each event to listen to once', () => {
    expect(registry.events.map(({ name }) => name)).toEqual([
      'CakeWished',
      'CakeBaked',
      'CakeBurnt',
      'CakeBinned',
      'CakeServed',
    ]);
  });

  it('the registry refuses the same version twice', () => {
    expect(() => sagaRegistry([first, first])).toThrow(
      expect.objectContaining({ name: 'SagaDefinitionError', problems: ['version 1 is registered twice'] }),
    );
  });
});
