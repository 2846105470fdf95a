import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { command, event } from '../message.js';
import { incompatibilities, refusedChanges, RESPELLED, type Incompatibility } from './compatibility.js';
import { contractSchema } from './json-schema.js';

/**
 * Goal: within one version, a message changes only so that new readers understand old messages and old readers new ones.
 * Method: pairs of declarations as people write them, and a property over generated pairs, with zod itself as the judge.
 */
const BASE = {
  id: z.uuid(),
  name: z.string().max(100),
  count: z.int().min(1).max(10),
  code: z.enum(['a', 'b']),
  note: z.string().optional(),
  items: z.array(z.object({ part: z.string() })).max(5),
  address: z.strictObject({ city: z.string(), line2: z.string().optional() }),
};

const told = (data: z.ZodObject) => contractSchema(event('oven', 'Told', { key: 'id', summary: 'Told.', data }));

const change = (fields: Record<string, z.ZodType>) =>
  incompatibilities(told(z.object(BASE)), told(z.object({ ...BASE, ...fields })));

const replaced = (gone: string, added: Record<string, z.ZodType> = {}) => {
  const kept = Object.fromEntries(Object.entries(BASE).filter(([name]) => name !== gone));
  return incompatibilities(told(z.object(BASE)), told(z.object({ ...kept, ...added })));
};

const inShort = (problems: readonly Incompatibility[]) => problems.map(({ path, when }) => `${path} ${when}`.trim());

describe('a compatible change', () => {
  it.each<[string, () => readonly Incompatibility[]]>([
    ['nothing', () => change({})],
    ['a new optional field', () => change({ comment: z.string().optional() })],
    [
      'a new optional field inside a list',
      () => change({ items: z.array(z.object({ part: z.string(), lot: z.int().optional() })).max(5) }),
    ],
    ['a new optional object', () => change({ gift: z.object({ to: z.string() }).optional() })],
    ['a new optional list', () => change({ tags: z.array(z.string()).optional() })],
    [
      'an object becomes strict: others were never sent',
      () => change({ items: z.array(z.strictObject({ part: z.string() })).max(5) }),
    ],
    ['other words', () => change({ name: z.string().max(100).meta({ description: 'The name, in other words' }) })],
    ['another order of the values', () => change({ code: z.enum(['b', 'a']) })],
  ])('a compatible change passes: %s', (_, changed) => {
    expect(changed()).toEqual([]);
  });
});

describe('a pattern that is written in another way', () => {
  it('a respelled pattern takes the same texts, character by character, in an engine without flags', () => {
    for (const [before, now] of RESPELLED) {
      const [old, fresh] = [new RegExp(String(before), 'u'), new RegExp(now)];
      const differing = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter(
        (text) => old.test(text) !== fresh.test(text),
      );
      expect([before, differing]).toEqual([before, []]);
      expect(now).not.toMatch(/\\[pPuk]|\(\?[=!<]/);
    }
  });

  it('a respelled pattern is no change, and any other pattern is one', () => {
    const [[before, now] = []] = RESPELLED;
    const withPattern = (pattern: unknown) => ({
      ...told(z.object(BASE)),
      properties: { id: { type: 'string', pattern } },
    });
    const pair = (one: unknown, other: unknown) =>
      incompatibilities(withPattern(one) as never, withPattern(other) as never).length;
    expect([pair(before, now), pair(now, before), pair(before, '^.*$')]).toEqual([0, 0, 2]);
  });
});

describe('an incompatible change', () => {
  it.each<[string, readonly Incompatibility[], string[]]>([
    ['a field is removed', replaced('name'), ['name always', 'name being read']],
    ['an optional field is removed', replaced('note'), ['note always']],
    [
      'a field inside a list is removed',
      change({ items: z.array(z.object({})).max(5) }),
      ['items[].part always', 'items[].part being read'],
    ],
    [
      'a field is renamed',
      replaced('name', { title: z.string() }),
      ['name always', 'title reading old', 'name being read'],
    ],
    ['a new required field', change({ comment: z.string() }), ['comment reading old']],
    ['an optional field becomes required', change({ note: z.string() }), ['note reading old']],
    ['a required field becomes optional', change({ name: z.string().max(100).optional() }), ['name being read']],
    ['another type', change({ name: z.int() }), ['name reading old', 'name being read']],
    ['a limit is narrowed', change({ name: z.string().max(99) }), ['name reading old']],
    ['a limit is widened', change({ name: z.string().max(101) }), ['name being read']],
    ['a limit is lifted', change({ name: z.string() }), ['name being read']],
    ['a lower limit is raised', change({ count: z.int().min(2).max(10) }), ['count reading old']],
    ['a lower limit is lowered', change({ count: z.int().min(0).max(10) }), ['count being read']],
    ['a longer list', change({ items: z.array(z.object({ part: z.string() })).max(6) }), ['items being read']],
    ['a value is taken away', change({ code: z.enum(['a']) }), ['code reading old']],
    ['a value is added', change({ code: z.enum(['a', 'b', 'c']) }), ['code being read']],
    ['a pattern is set', change({ name: z.string().max(100).regex(/^x/) }), ['name reading old']],
    ['null becomes possible', change({ name: z.string().max(100).nullable() }), ['name being read']],
    [
      'a field of a strict object is added',
      change({ address: BASE.address.extend({ zip: z.string().optional() }) }),
      ['address.zip being read'],
    ],
    [
      'an open record becomes strict',
      incompatibilities(told(z.looseObject({ id: z.uuid() })), told(z.strictObject({ id: z.uuid() }))),
      ['* reading old'],
    ],
  ])('an incompatible change is refused with its field and direction: %s', (_, problems, expected) => {
    expect(inShort(problems)).toEqual(expected);
  });

  it('another key is an incompatible change', () => {
    const before = event('oven', 'Told', {
      key: 'id',
      summary: 'Told.',
      data: z.object({ id: z.uuid(), part: z.string() }),
    });
    const after = event('oven', 'Told', { key: 'part', summary: 'Told.', data: before.schema });
    expect(inShort(incompatibilities(contractSchema(before), contractSchema(after)))).toEqual(['always']);
  });

  it('another topic or kind is an incompatible change', () => {
    const declaration = { key: 'id', summary: 'Told.', data: z.object({ id: z.uuid() }) } as const;
    const before = contractSchema(event('oven', 'Told', declaration));
    expect(incompatibilities(before, contractSchema(event('till', 'Told', declaration)))).toMatchObject([
      { when: 'always' },
    ]);
    expect(incompatibilities(before, contractSchema(command('oven', 'Told', declaration)))).toHaveLength(2);
  });

  it('a message that is gone is an incompatible change; a new version beside the old one is none', () => {
    const v1 = told(z.object({ id: z.uuid() }));
    const v2 = told(z.object({ id: z.uuid(), more: z.string() }));
    expect(refusedChanges({ 'Told.v1.json': v1 }, {})).toMatchObject({ 'Told.v1.json': [{ when: 'reading old' }] });
    expect(refusedChanges({ 'Told.v1.json': v1 }, { 'Told.v1.json': v1, 'Told.v2.json': v2 })).toEqual({});
    expect(refusedChanges({ 'Told.v1.json': v1 }, { 'Told.v1.json': v2 })).toHaveProperty(['Told.v1.json']);
  });
});

/** A field, with values at the edge of its limits; `undefined` where it may be absent. */
interface Field {
  readonly schema: z.ZodType;
  readonly edges: readonly unknown[];
}

/** Limits close to each other, so that many pairs are compatible and many just not. */
const limit = fc.integer({ min: 0, max: 2 });
const leaf: fc.Arbitrary<Field> = fc.oneof(
  limit.map((max) => ({ schema: z.string().max(max), edges: ['', 'x'.repeat(max)] })),
  fc.tuple(limit, limit).map(([min, more]) => ({
    schema: z
      .int()
      .min(min)
      .max(min + more),
    edges: [min, min + more],
  })),
  fc.subarray(['', 'x', 'xx'] as const, { minLength: 1 }).map((values) => ({ schema: z.enum(values), edges: values })),
  limit.map((max) => ({ schema: z.string().max(max).nullable(), edges: [null, 'x'.repeat(max)] })),
  limit.map((max) => ({ schema: z.array(z.int()).max(max), edges: [[], Array.from({ length: max }, () => 1)] })),
);
const field = fc
  .tuple(leaf, fc.boolean())
  .map(([{ schema, edges }, optional]): Field =>
    optional ? { schema: schema.optional(), edges: [...edges, undefined] } : { schema, edges },
  );

type Fields = Readonly<Record<string, Field>>;
const fields = fc.dictionary(fc.constantFrom('p', 'q'), field, { minKeys: 1 });

interface Declared {
  readonly outer: Fields;
  readonly inner: Fields;
  readonly strict: boolean;
}

const declared: fc.Arbitrary<Declared> = fc.record({ outer: fields, inner: fields, strict: fc.boolean() });
/** Pairs that differ in one place: unrelated declarations are hardly ever compatible. */
const neighbours = fc
  .tuple(declared, declared, field, fc.constantFrom('p', 'q', 'r'))
  .chain(([one, other, added, name]) =>
    fc.constantFrom<[Declared, Declared]>(
      [one, { ...one, outer: other.outer }],
      [one, { ...one, strict: other.strict }],
      [one, { ...one, outer: { ...one.outer, [name]: added } }],
      [one, { ...one, inner: { ...one.inner, [name]: added } }],
    ),
  );

const schemaOf = ({ outer, inner, strict }: Declared) => {
  const shape = (of: Fields) => Object.fromEntries(Object.entries(of).map(([name, { schema }]) => [name, schema]));
  return z.object({ ...shape(outer), inner: strict ? z.strictObject(shape(inner)) : z.object(shape(inner)) });
};

/** Every combination of edges. */
const recordsOf = (of: Fields): Record<string, unknown>[] =>
  Object.entries(of).reduce<Record<string, unknown>[]>(
    (records, [name, { edges }]) =>
      records.flatMap((record) => edges.map((edge) => (edge === undefined ? record : { ...record, [name]: edge }))),
    [{}],
  );
const messagesOf = ({ outer, inner }: Declared) =>
  recordsOf(outer).flatMap((record) => recordsOf(inner).map((inside) => ({ ...record, inner: inside })));

describe('any declaration', () => {
  it('a generated change that passes is understood in both directions, and some pass', () => {
    let passed = 0;
    fc.assert(
      fc.property(neighbours, ([one, other]) => {
        const [ours, theirs] = [schemaOf(one), schemaOf(other)];
        if (incompatibilities(told(ours), told(theirs)).length > 0) return;
        passed += 1;
        const isUnderstood = (sent: unknown, writer: z.ZodObject, reader: z.ZodObject) =>
          reader.safeParse(writer.parse(sent)).success;
        expect(messagesOf(one).filter((sent) => !isUnderstood(sent, ours, theirs))).toEqual([]);
        expect(messagesOf(other).filter((sent) => !isUnderstood(sent, theirs, ours))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(passed).toBeGreaterThan(10);
  });

  it('an unchanged declaration is compatible', () => {
    fc.assert(
      fc.property(declared, (one) => expect(incompatibilities(told(schemaOf(one)), told(schemaOf(one)))).toEqual([])),
    );
  });
});
