import { describe, expect, it } from '@jest/globals';
import * as contract from '@backstep/contracts/http';
import { z } from 'zod';
import { shapeOf } from './shape.js';

/**
 * Goal: a member that a service renames or drops is noticed where its answer is read; what a later service allows is not refused.
 * Method: an answer as declared, changed in one place.
 */
const Loaf = z.object({
  id: z.uuid(),
  kind: z.enum(['rye', 'spelt']),
  grams: z.int().max(1_000),
  sliced: z.boolean(),
  note: z.string().nullable(),
  baker: z.object({ name: z.string() }).optional(),
  slices: z.array(z.object({ mm: z.number() })),
  labels: z.record(z.string(), z.string()),
  more: z.unknown(),
  sold: z.union([z.object({ at: z.iso.datetime() }), z.object({ reserved: z.boolean() })]),
});
const LOAF = {
  ...{ id: 'a', kind: 'rye', grams: 500, sliced: true, note: null, slices: [{ mm: 9 }, { mm: 8.5 }] },
  ...{ labels: { organic: 'yes' }, more: [1], sold: { reserved: false } },
};
const wrongOf = (changes: object): string | undefined => shapeOf(Loaf)({ ...LOAF, ...changes });

describe('the shape of an answer', () => {
  it('an answer with all declared members is accepted', () => {
    expect(wrongOf({})).toBeUndefined();
    expect(wrongOf({ note: 'dark', baker: { name: 'Ada' }, sold: { at: 'now' }, more: undefined })).toBeUndefined();
  });

  it.each([
    ['kind', { kind: undefined }],
    ['grams', { grams: '500' }],
    ['sliced', { sliced: null }],
    ['note', { note: 1 }],
    ['note', { note: undefined }],
    ['baker.name', { baker: {} }],
    ['slices', { slices: {} }],
    ['slices.1.mm', { slices: [{ mm: 1 }, { thickness: 1 }] }],
    ['slices.0', { slices: [null] }],
    ['labels.organic', { labels: { organic: true } }],
    ['labels', { labels: ['organic'] }],
    ['sold', { sold: {} }],
  ])('an answer with a wrong member is refused by its name: %s', (path, changes) => {
    expect(wrongOf(changes)).toBe(path);
  });

  it.each([null, undefined, 'loaf', []])('an answer that is no object is refused: %p', (answer) => {
    expect(shapeOf(Loaf)(answer)).toBe('');
  });

  it('an answer of a later service may have longer texts, larger numbers, new enum values and members', () => {
    expect(wrongOf({ id: 'not a uuid', kind: 'wheat', grams: 5_000, price: 1 })).toBeUndefined();
  });

  it('a schema that transforms its input is refused as a shape', () => {
    expect(() => shapeOf(z.object({ at: z.string().transform(Number) }))).toThrow('cannot be declared as pipe');
  });

  it.each(
    Object.entries(contract).filter(([, schema]) => schema instanceof z.ZodType && schema instanceof z.ZodObject),
  )('a shape can be made of the contract: %s', (name, schema) => {
    if (name.endsWith('Request') || name === 'OrderToPlace') return;
    expect(shapeOf(schema as z.ZodType)(undefined)).toBe('');
  });
});
