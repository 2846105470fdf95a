import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stored } from './stored.js';

/** Goal: a remembered row is what the database would give back. Method: arbitrary values, compared with their way through JSON. */
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
);
const values = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))),
})).any;

describe('a remembered value', () => {
  it('a remembered value is what JSON would give back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values, { noNullPrototype: true }), (value) => {
        expect(JSON.stringify(stored(value))).toBe(JSON.stringify(value));
        expect('toJSON' in (stored(value) as object)).toBe('toJSON' in value);
      }),
    );
    expect(Object.keys(stored({ a: undefined, b: 1 }) as object)).toEqual(['b']);
    expect(stored([undefined, { at: new Date(0) }])).toEqual([null, { at: '1970-01-01T00:00:00.000Z' }]);
  });

  it('a remembered value is frozen at every depth', () => {
    const value = stored({ steps: [{ state: 'done' }] }) as { steps: { state: string }[] };
    expect(() => ((value.steps[0] as { state: string }).state = 'lost')).toThrow(TypeError);
    expect(() => value.steps.push({ state: 'more' })).toThrow(TypeError);
  });

  it('a remembered value shares its unchanged parts with the one before', () => {
    const before = stored({ steps: [{ state: 'done' }], data: { total: 1 } }) as { steps: object; data: object };
    const after = stored({ ...before, steps: [{ state: 'undone' }] }) as typeof before;
    expect(after.data).toBe(before.data);
    expect(after.steps).not.toBe(before.steps);
  });
});
