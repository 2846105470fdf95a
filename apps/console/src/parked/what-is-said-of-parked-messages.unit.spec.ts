import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../api/read.js';
import type { ParkedSummary, ParkedOperation } from '../api/types.js';
import { inTurn, isUnknown, possible } from './in-turn.js';
import { filterOf, parkedSearch, placeOf } from './parked-search.js';
import { byCause, movedOnBy, movedSentences, outcomeSentence, refusalOf, stateText, typedIdOf } from './settle.js';

/** Goal: what an operator reads before and after an action is what the API has told, no more. Method: its answers, made by hand. */
const ID = '0199a3b0-7c1e-7000-8000-00000000000';
const parked = (number: number, change: Partial<ParkedSummary> = {}): ParkedSummary =>
  ({
    id: `${ID}${number}`,
    service: 'inventory',
    state: 'poisoned',
    version: 1,
    attempts: 1,
    cut: false,
    cause: 'handler_failed',
    error: 'Error: no stock',
    ...change,
  }) as ParkedSummary;
const answer = (change: Partial<ParkedOperation> = {}): ParkedOperation =>
  ({
    action: 'replay',
    dryRun: true,
    service: 'inventory',
    state: 'handled',
    wouldRelease: [],
    decision: null,
    failure: null,
    ...change,
  }) as ParkedOperation;
const problem = (status: number, members: object = {}) =>
  new ProblemError(status, { title: 'No', ...members } as never, undefined);

describe('the list', () => {
  it('messages are grouped by cause, the largest group first, each in the order of parking', () => {
    const all = [parked(1, { cause: 'bad_json' }), parked(2), parked(3), parked(4, { cause: 'a' })];
    expect(byCause(all).map(({ cause, messages }) => [cause, messages.map(({ id }) => id.at(-1)).join('')])).toEqual([
      ['handler_failed', '23'],
      ['a', '4'],
      ['bad_json', '1'],
    ]);
  });

  it('an address is read as far as it is understood, and an action needs its message', () => {
    expect(parkedSearch({ service: 'PAYMENT', state: 'Held', sel: `${ID}1`, do: 'replay' })).toEqual({
      ...{ service: 'payment', state: 'held', sel: `${ID}1`, do: 'replay' },
    });
    expect(parkedSearch({ service: 'bakery', state: 'lost', sel: 'x', do: 'replay' })).toEqual({});
    expect(filterOf(parkedSearch({ state: 'held', sel: `${ID}1`, do: 'discard' }))).toEqual({ state: 'held' });
  });
});

it.each([
  ['poisoned', {}],
  ['discarded', { state: 'discarded' }],
  // Parked no more, or not known: the page says where it is.
  ['handled', {}],
  [null, {}],
])('a link to a message that became %s names the list that has it', (state, rest) => {
  const place = placeOf({ id: `${ID}1`, service: 'payment', state });
  expect(place).toEqual({ service: 'payment', sel: `${ID}1`, ...rest });
  expect(parkedSearch({ ...place })).toEqual(place);
});

describe('what can be done', () => {
  it.each([
    ['replay', parked(1), undefined],
    ['replay', parked(1, { cut: true }), 'it is not kept whole'],
    ['discard', parked(1, { cut: true }), undefined],
    ['discard', parked(1, { state: 'held' }), 'it waits behind another: settle that one'],
    ['replay', parked(1, { state: 'discarded' }), 'it is given up already'],
  ] as const)('%s is offered where it is possible, else it says why not', (action, message, refusal) => {
    expect(refusalOf(action, message)).toBe(refusal);
  });

  it('what cannot be taken back, or is done to several, asks for the end of an id', () => {
    expect(typedIdOf('replay', [parked(1)])).toBeUndefined();
    expect(typedIdOf('discard', [parked(1)])).toBe(`${ID}1`);
    expect(typedIdOf('replay', [parked(1), parked(2)])).toBe(`${ID}2`);
  });

  it('of several, one that is refused keeps none of the others from its answer', async () => {
    const tried = await inTurn([parked(1), parked(2), parked(3)], ({ id }) => {
      if (id.endsWith('2')) return Promise.reject(problem(412));
      return Promise.resolve({
        body: answer(id.endsWith('3') ? { failure: { cause: 'c', error: 'e' } } : {}),
        replayed: false,
      });
    });
    expect(tried.map(({ error }) => error?.status)).toEqual([undefined, 412, undefined]);
    expect(possible(tried).map(({ id }) => id)).toEqual([`${ID}1`]);
    expect(tried.some(isUnknown)).toBe(false);
    expect(isUnknown({ message: parked(1), error: problem(0) })).toBe(true);
  });
});

describe('what is said', () => {
  it('a replay that would fail again says so, and one that was done is handled', () => {
    expect(outcomeSentence(answer({ state: 'poisoned', failure: { cause: 'c', error: 'Error: no' } }))).toBe(
      'It would fail again at inventory, and stay poisoned: Error: no',
    );
    expect(outcomeSentence(answer({ dryRun: false }))).toBe('inventory has handled it: it is handled.');
  });

  it('a row shows its version and state; one that is not there is none', () => {
    expect([
      stateText(null),
      stateText({ version: 2, state: 'HELD' }),
      stateText({ version: null, state: null }),
    ]).toEqual([...['none', 'v2 HELD', 'changed']]);
  });

  it('what has moved is told: by whom it was settled, or how often it was tried', () => {
    const settled = { outcome: 'handled', by: 'bob', reason: 'mended', at: '2026-11-27T12:00:00.000Z' };
    const gone = movedOnBy(problem(412, { current: null, settled }));
    expect(gone && movedSentences(parked(1), gone)).toEqual(['bob has settled it: it is handled.', 'Why: mended']);
    const tried = movedOnBy(problem(412, { current: parked(1, { version: 2, attempts: 2 }), settled: null }));
    expect(tried && movedSentences(parked(1), tried)).toEqual([
      'Version 1 is version 2 now.',
      'It was tried again, and failed: Error: no stock',
    ]);
    expect(movedOnBy(problem(409))).toBeUndefined();
  });
});
