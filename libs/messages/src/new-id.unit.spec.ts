import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './new-id.js';

/** Goal: ids are UUIDv7, unique, in the order they were made, and unguessable. */
describe('a new id', () => {
  // More than one refill of the random pool makes, many of them in one millisecond.
  const ids = Array.from({ length: 10_000 }, newId);

  it('a new id is a UUIDv7 of now', () => {
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    const madeAt = parseInt((ids.at(-1) ?? '').replace('-', '').slice(0, 12), 16);
    expect(Math.abs(Date.now() - madeAt)).toBeLessThan(60_000);
  });

  it('a new id sorts after those before it', () => {
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('a new id ends with random bits of its own', () => {
    expect(new Set(ids.map((id) => id.slice(-11))).size).toBe(ids.length);
  });

  it('a new id takes its random bits from a generator that replaces the built-in one', () => {
    const { getRandomValues } = crypto;
    let asked = 0;
    crypto.getRandomValues = (bytes) => {
      asked++;
      (bytes as unknown as Uint8Array).fill(0xab);
      return bytes;
    };
    try {
      expect(newId().slice(-10)).toBe('ababababab');
      expect(asked).toBe(1);
    } finally {
      crypto.getRandomValues = getRandomValues;
    }
  });
});
