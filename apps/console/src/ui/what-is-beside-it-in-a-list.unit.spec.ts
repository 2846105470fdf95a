import { expect, it } from '@jest/globals';
import { placeIn } from './neighbours.js';

/** Goal: who goes through a list by keys meets each once, and learns where it ends. */
it('what stands before and after one in a list is found, and at its ends nothing', () => {
  expect(placeIn(['a', 'b', 'c'], 'b')).toEqual({ index: 1, before: 'a', after: 'c' });
  expect(placeIn(['a', 'b', 'c'], 'a')).toEqual({ index: 0, before: undefined, after: 'b' });
  expect(placeIn(['a', 'b', 'c'], 'c')).toEqual({ index: 2, before: 'b', after: undefined });
});

it('beside what is not in the list there is nothing', () => {
  expect(placeIn(['a'], 'b')).toEqual({ index: -1, before: undefined, after: undefined });
  expect(placeIn([], 'b')).toEqual({ index: -1, before: undefined, after: undefined });
});
