import { beforeEach, describe, expect, it } from '@jest/globals';
import { ABSENT_AFTER, Absences } from './absences.js';

/** Goal: what a handler's need will most likely find is inferred from what it found last, for each need and kind of message by itself. */
const handler = {};
let absences: Absences;
beforeEach(() => {
  absences = new Absences();
});

const found = (wasThere: boolean, times = 1, need = 'order', message = 'PlaceOrder', by: object = handler): void => {
  for (let n = 0; n < times; n++) absences.note(by, message, need, wasThere);
};
const isLikely = (need = 'order', message = 'PlaceOrder', by: object = handler) => absences.isLikely(by, message, need);

describe('the absence of a row', () => {
  it('absence is not assumed before anything is known', () => {
    expect(isLikely()).toBe(false);
  });

  it('absence is assumed when the last ones were not there, and not before', () => {
    found(false, ABSENT_AFTER - 1);
    expect(isLikely()).toBe(false);
    found(false);
    expect(isLikely()).toBe(true);
  });

  it('absence is not assumed any more after one that was there, until as many were not there again', () => {
    found(false, 100);
    found(true);
    expect(isLikely()).toBe(false);
    found(false, ABSENT_AFTER - 1);
    expect(isLikely()).toBe(false);
    found(false);
    expect(isLikely()).toBe(true);
  });

  it('absence is inferred for each need, each kind of message and each handler by itself', () => {
    found(false, ABSENT_AFTER);
    expect(isLikely('price')).toBe(false);
    expect(isLikely('order', 'ConfirmOrder')).toBe(false);
    expect(isLikely('order', 'PlaceOrder', {})).toBe(false);
    found(true, 1, 'price');
    found(true, 1, 'order', 'ConfirmOrder');
    expect(isLikely()).toBe(true);
  });

  it('absence is never assumed of more needs than are counted: the tally is bounded', () => {
    for (let n = 0; n < 1_000; n++) found(false, ABSENT_AFTER, `made up ${n}`);
    expect([isLikely('made up 0'), isLikely('made up 999')]).toEqual([true, false]);
  });
});
