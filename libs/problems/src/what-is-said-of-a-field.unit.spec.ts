import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ProblemError } from './problems.js';
import { check } from './zod.js';

/**
 * Goal: every fault of a field is described in a sentence of ours that follows the field's name; zod's own sentences never reach a client.
 * Method: a wrong value for every kind of check that zod knows.
 */
const messageOf = (schema: z.ZodType, value: unknown): string | undefined => {
  try {
    check(z.object({ field: schema }), { field: value }, 'body');
  } catch (error) {
    if (error instanceof ProblemError) return error.errors?.[0]?.message;
    throw error;
  }
  throw new Error('it was taken');
};

const problemOf = (schema: z.ZodType, value: unknown, place: 'body' | 'query'): ProblemError => {
  try {
    check(schema, value, place);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was taken');
};

const ZOD = /Invalid|Too big|Too small|expected|received|Unrecognized/;

describe('what is said of a field', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['is missing', z.string(), undefined],
    ['must be a string', z.string(), 5],
    ['must be a number', z.number(), 'x'],
    ['must be a number', z.number(), Number.NaN],
    ['must be a number', z.number(), Infinity],
    ['must be a whole number', z.int(), 1.5],
    ['must be 9007199254740991 or less', z.int(), 2 ** 60],
    ['must be true or false', z.boolean(), 'yes'],
    ['must be a list', z.array(z.string()), {}],
    ['must be an object', z.strictObject({}), []],
    ['must be an object', z.record(z.string(), z.string()), 1],
    ['must be 10000 or less', z.int().max(10_000), 10_001],
    ['must be 1 or more', z.int().min(1), 0],
    ['must be more than 1', z.number().gt(1), 1],
    ['must be less than 1', z.number().lt(1), 1],
    ['must be a multiple of 5', z.number().multipleOf(5), 7],
    ['must not be empty', z.string().min(1), ''],
    ['must have at least 3 characters', z.string().min(3), 'ab'],
    ['must have at most 1 character', z.string().max(1), 'ab'],
    ['must not be empty', z.array(z.string()).min(1), []],
    ['must have at most 2 items', z.array(z.string()).max(2), ['a', 'b', 'c']],
    ['must be one of a, b', z.enum(['a', 'b']), 'c'],
    ['must be a', z.literal('a'), 'c'],
    ['must be a UUID such as 0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40', z.uuid(), 'x'],
    ['must be a time such as 2026-03-01T12:30:05.123Z', z.iso.datetime(), 'x'],
    ['must be of the form that is documented', z.string().regex(/^a$/), 'b'],
    ['must be a', z.string().regex(/^a$/, 'must be a'), 'b'],
    ['is not as it is documented', z.string().refine(() => false), 'b'],
    ['is not as it is documented', z.union([z.string(), z.number()]), {}],
  ])('wrong value %#: the field %s', (sentence, schema, value) => {
    const message = messageOf(schema, value);
    expect(message).toBe(sentence);
    expect(message).not.toMatch(ZOD);
  });
});

describe('what is said of the whole', () => {
  it.each([
    ['a list', []],
    ['a text', 'x'],
    ['null', null],
  ])('a body that is %s is told to be an object', (_, body) => {
    expect(problemOf(z.strictObject({}), body, 'body').message).toBe('The body must be an object');
  });

  it.each([
    ['a text', z.string()],
    ['one of two values', z.enum(['a', 'b'])],
    ['a number', z.string().regex(/^\d+$/).transform(Number)],
  ])('a repeated parameter that should be %s is refused as sent more than once', (_, schema) => {
    const { errors } = problemOf(z.strictObject({ field: schema }), { field: ['a', 'b'] }, 'query');
    expect(errors).toEqual([{ in: 'query', field: 'field', message: 'was sent more than once' }]);
  });
});
