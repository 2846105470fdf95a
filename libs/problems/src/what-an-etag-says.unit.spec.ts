import { describe, expect, it } from '@jest/globals';
import { entityTag, entityTagOf, versionOf } from './entity-tag.js';

/** Goal: a strong tag covers the whole body, and a change is compared by the version alone. */
const order = { id: 'a', version: 3, saga: { state: 'RUNNING' } };

describe('the tag of an answer', () => {
  it('an entity tag differs for another body of the same version', () => {
    expect(entityTagOf(3, order)).toBe(entityTagOf(3, structuredClone(order)));
    expect(entityTagOf(3, order)).not.toBe(entityTagOf(3, { ...order, saga: { state: 'COMPLETED' } }));
    expect(entityTagOf(3, order)).toMatch(/^"v3\.[A-Za-z0-9_-]{16}"$/);
  });

  it('an entity tag names the version that If-Match compares, with the hash or without', () => {
    expect(versionOf(entityTagOf(3, order))).toBe(3);
    expect(versionOf(entityTag(3))).toBe(3);
    expect([versionOf('v3'), versionOf(entityTagOf(3, order).replaceAll('"', ''))]).toEqual([3, 3]);
    expect(versionOf(undefined)).toBeUndefined();
  });

  it.each([1, 1_000_000_000, 2_147_483_648, Number.MAX_SAFE_INTEGER])('is read as it was given: %d', (version) => {
    expect([versionOf(entityTag(version)), versionOf(entityTagOf(version, order))]).toEqual([version, version]);
  });

  it('of no version is read', () => {
    expect(versionOf(undefined)).toBeUndefined();
  });

  it.each([
    '*',
    '"v3',
    'v3"',
    'W/"v3"',
    'v3, v4',
    '"3"',
    '"v3", "v4"',
    '"v9007199254740993"',
    '"v3."',
    '"v3.short"',
    '',
  ])('an If-Match of %j is refused', (text) => expect(() => versionOf(text)).toThrow('If-Match must be an ETag'));
});
