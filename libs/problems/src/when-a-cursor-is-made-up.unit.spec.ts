import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageCursor, UUID_KEY } from './page-cursor.js';

/** Goal: a list reads its own cursors and no other text. Method: properties over keys, arbitrary text, and cursors of another list. */
const cakes = pageCursor('cakes', UUID_KEY);
const others = pageCursor('parked', UUID_KEY);
const reads = (text: string): boolean => cakes.schema.safeParse(text).success;

describe('a cursor', () => {
  it('a cursor is read as the key it was made of', () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(cakes.schema.parse(cakes.after(id))).toBe(id)));
  });

  it('a cursor is not read from any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        expect(reads(text)).toBe(false);
        expect(reads(`cakes.${text}`)).toBe(false);
      }),
    );
  });

  it.each(['-'.repeat(36), `${'0'.repeat(36)}`, '0199A3B0-7C1E-7000-8000-000000000001'])(
    'a cursor is not read from %s, which only looks like a key',
    (key) => expect(reads(`cakes.${key}`)).toBe(false),
  );

  it('a cursor of another list, or with text before or behind it, is refused', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(reads(others.after(id))).toBe(false);
        expect(reads(` ${cakes.after(id)}`)).toBe(false);
        expect(reads(`${cakes.after(id)}\n`)).toBe(false);
      }),
    );
  });
});
