import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SagaDefinition } from '../api/types.js';
import { type Circumstances, pathOf, startedBy } from './path.js';

/** Goal: the way that is drawn before an order is placed is the one that its saga will take. Method: a definition of our own, and properties. */
const step = (
  name: string,
  kind: 'compensatable' | 'pivot' | 'retriable',
  service: string,
  { refused = true }: { refused?: boolean } = {},
): SagaDefinition['steps'][number] => ({
  name,
  kind,
  service,
  send: `${name}!`,
  done: `${name} done`,
  refused: refused ? `${name} refused` : null,
  undo: kind === 'compensatable' ? `undo ${name}!` : null,
  undone: kind === 'compensatable' ? `${name} undone` : null,
  timeoutMs: 1_000,
  attempts: 3,
});
const CAKE: SagaDefinition = {
  type: 'bake-cake',
  version: 1,
  startsOn: 'CakeWished',
  deadlineMs: 60_000,
  steps: [
    step('flour', 'compensatable', 'store'),
    step('money', 'compensatable', 'bank'),
    step('oven', 'pivot', 'bakery'),
    step('box', 'retriable', 'counter', { refused: false }),
  ],
  whenUndone: step('sorry', 'retriable', 'counter', { refused: false }),
};
const NOTHING: Circumstances = { refusals: {}, neverUndone: {} };
const told = (circumstances: Partial<Circumstances>) => {
  const { legs, ends, pivot } = pathOf(CAKE, { ...NOTHING, ...circumstances });
  return { commands: legs.map(({ command }) => command), answers: legs.map(({ answer }) => answer), ends, pivot };
};

describe('the way of a saga', () => {
  it('where nobody refuses, every step is done, and behind the pivot there is no way back', () =>
    expect(told({})).toEqual({
      commands: ['flour!', 'money!', 'oven!', 'box!'],
      answers: ['flour done', 'money done', 'oven done', 'box done'],
      ends: 'COMPLETED',
      pivot: 2,
    }));

  it('where the pivot is refused, what was done is taken back, the latest first', () =>
    expect(told({ refusals: { bakery: 'the oven is cold' } })).toEqual({
      commands: ['flour!', 'money!', 'oven!', 'undo money!', 'undo flour!', 'sorry!'],
      answers: ['flour done', 'money done', 'oven refused', 'money undone', 'flour undone', 'sorry done'],
      ends: 'COMPENSATED',
      pivot: undefined,
    }));

  it('where the first step is refused, nothing is taken back', () =>
    expect(told({ refusals: { store: 'no flour' } }).commands).toEqual(['flour!', 'sorry!']));

  it('a compensation that nobody answers ends the way: the saga is STUCK', () =>
    expect(told({ refusals: { bakery: 'cold' }, neverUndone: { bank: 'it keeps the money' } })).toEqual({
      commands: ['flour!', 'money!', 'oven!', 'undo money!'],
      answers: ['flour done', 'money done', 'oven refused', undefined],
      ends: 'STUCK',
      pivot: undefined,
    }));

  it('a step that cannot be refused is not, whatever its service says', () =>
    expect(told({ refusals: { counter: 'closed' } }).ends).toBe('COMPLETED'));

  it('whoever refuses, the compensations are those of the steps that were done, in reverse', () => {
    const services = fc.subarray(['store', 'bank', 'bakery', 'counter']);
    fc.assert(
      fc.property(services, (refusing) => {
        const refusals = Object.fromEntries(refusing.map((service) => [service, 'no']));
        const { legs, ends } = pathOf(CAKE, { ...NOTHING, refusals });
        const done = legs
          .filter(({ meaning, step: name }) => meaning === 'done' && name !== 'sorry')
          .map((leg) => leg.step);
        const undone = legs.filter(({ direction }) => direction === 'undo').map((leg) => leg.step);
        expect(undone).toEqual(ends === 'COMPLETED' ? [] : done.toReversed());
        expect(legs.filter(({ meaning }) => meaning === 'refused')).toHaveLength(ends === 'COMPLETED' ? 0 : 1);
      }),
    );
  });
});

it('an event starts the newest version of a saga', () => {
  const second = { ...CAKE, version: 2 };
  for (const definitions of [
    [CAKE, second],
    [second, CAKE],
  ])
    expect(startedBy('CakeWished', definitions)).toBe(second);
  expect(startedBy('BreadWished', [CAKE])).toBeUndefined();
});
