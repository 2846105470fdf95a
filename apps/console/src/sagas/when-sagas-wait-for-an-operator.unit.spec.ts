import { expect, it } from '@jest/globals';
import type { SagaSummary } from '../api/types.js';
import { parseSearch, stringifySearch } from '../shell/search-text.js';
import { sagasSearch } from './sagas-search.js';
import { causeOf, workList } from './work-list.js';

/** Goal: what waits for an operator is first, the longest waiting before the others, and each saga is as new as is known. Method: lists side by side. */
const NOON = Date.UTC(2030, 0, 1, 12);
const time = (minute: number) => new Date(NOON + minute * 60_000).toISOString();
const saga = (minute: number, changes: Partial<SagaSummary> = {}): SagaSummary =>
  ({
    id: `saga-${minute}`,
    version: 1,
    state: 'RUNNING',
    blockedBecause: null,
    stuckBecause: null,
    failure: null,
    createdAt: time(minute),
    updatedAt: time(minute),
    ...changes,
  }) as SagaSummary;
const ids = (sagas: readonly SagaSummary[]) => sagas.map(({ id }) => id);

it('stuck and blocked sagas are first, the longest waiting before the others', () => {
  const stuck = saga(3, { state: 'STUCK', updatedAt: time(8) });
  const blocked = saga(2, { blockedBecause: 'version 9 is not registered', updatedAt: time(7) });
  const { waiting, others } = workList([stuck, blocked], [[saga(5), saga(4), stuck, blocked, saga(1)]], []);
  expect(ids(waiting)).toEqual(['saga-2', 'saga-3']);
  expect(ids(others)).toEqual(['saga-5', 'saga-4', 'saga-1']);
  expect(causeOf(blocked)).toBe('version 9 is not registered');
});

it('a saga that is stuck beyond what was read of the list is there all the same', () => {
  const old = saga(0, { state: 'STUCK' });
  expect(ids(workList([old], [[saga(9)]], []).waiting)).toEqual(['saga-0']);
});

it('the higher version of a saga is shown, whichever request brought it, and each saga once', () => {
  const was = saga(3, { state: 'STUCK' });
  const is = saga(3, { state: 'COMPENSATING', version: 2 });
  const list = workList([was], [[was]], [is]);
  expect([list.waiting.length, list.others]).toEqual([0, [is]]);
});

it('sagas that began since the list was read wait, and are counted', () => {
  expect(workList([], [[saga(5)]], [saga(7), saga(6), saga(5)]).newer).toBe(2);
  expect(workList([], [[saga(5)]], [saga(5), saga(4)]).newer).toBe(0);
});

it('the address of the work list says its filters, the row and the open dry run; what is not understood is left out', () => {
  const search = { state: 'STUCK', type: 'place-order', sel: '5b3f3a52-0c5e-5c1e-9d57-3c3b7f6f0a11', do: 'retry' };
  expect(sagasSearch(parseSearch(stringifySearch(search)))).toEqual(search);
  expect(sagasSearch({ state: 'happy', type: 'Place Order', sel: 'x', do: 'retry' })).toEqual({});
});
