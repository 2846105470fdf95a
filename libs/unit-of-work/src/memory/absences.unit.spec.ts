import { beforeEach, describe, expect, it } from '@jest/globals';
import { ABSENT_AFTER, Absences } from './absences.js';

/** Goal: whether the next row of a need is absent is inferred from the last ones, for each need and kind of message by itself. */
const handler = {};
let absences: Absences;
beforeEach(() => {
  absences = new Absences();
});

const found = (wasThere: boolean, times = 1, need = 'loaf', message = 'BakeLoaf', by: object = handler): void => {
  for (let n = 0; n < times; n++) absences.note(by, message, need, wasThere);
};
const isLikely = (need = 'loaf', message = 'BakeLoaf', by: object = handler) => absences.isLikely(by, message, need);

describe('the absence of a row', () => {
  it('an absence is not assumed before anything is known', () => {
    expect(isLikely()).toBe(false);
  });

  it('an absence is assumed once the last rows of its need were all absent, and not before', () => {
    found(false, ABSENT_AFTER - 1);
    expect(isLikely()).toBe(false);
    found(false);
    expect(isLikely()).toBe(true);
  });

  it('an absence is not assumed after a row that was there, until as many rows in a row are absent again', () => {
    found(false, 100);
    found(true);
    expect(isLikely()).toBe(false);
    found(false, ABSENT_AFTER - 1);
    expect(isLikely()).toBe(false);
    found(false);
    expect(isLikely()).toBe(true);
  });

  it('an absence is inferred for each need, each kind of message and each handler by itself', () => {
    found(false, ABSENT_AFTER);
    expect(isLikely('recipe')).toBe(false);
    expect(isLikely('loaf', 'SliceLoaf')).toBe(false);
    expect(isLikely('loaf', 'BakeLoaf', {})).toBe(false);
    found(true, 1, 'recipe');
    found(true, 1, 'loaf', 'SliceLoaf');
    expect(isLikely()).toBe(true);
  });

  it('an absence is never assumed for needs beyond the bound: the tally does not grow', () => {
    for (let n = 0; n < 1_000; n++) found(false, ABSENT_AFTER, `made up ${n}`);
    expect([isLikely('made up 0'), isLikely('made up 999')]).toEqual([true, false]);
  });
});
