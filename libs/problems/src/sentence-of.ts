import type { z } from 'zod';

/** What is wrong with a field, as a sentence of ours that follows its name: `quantity must be 10000 or less`. */
export function sentenceOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${KINDS[issue.expected] ?? `of type ${issue.expected}`}`;
    case 'too_small':
      return limitOf(issue.origin, Number(issue.minimum), issue.inclusive === false, LEAST);
    case 'too_big':
      return limitOf(issue.origin, Number(issue.maximum), issue.inclusive === false, MOST);
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? 'of the form that is documented'}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'is not as it is documented';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a time',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID such as 0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40',
  datetime: 'a time such as 2026-03-01T12:30:05.123Z',
  date: 'a date such as 2026-03-01',
  url: 'a URL',
  email: 'an e-mail address',
  json_string: 'JSON',
};

interface Words {
  readonly of: string;
  readonly inclusive: string;
  readonly exclusive: string;
}
const LEAST: Words = { of: 'at least', inclusive: 'or more', exclusive: 'more than' };
const MOST: Words = { of: 'at most', inclusive: 'or less', exclusive: 'less than' };
const UNITS: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'item',
  file: 'byte',
};

function limitOf(origin: string, limit: number, exclusive: boolean, words: Words): string {
  const unit = UNITS[origin];
  if (unit === undefined)
    return exclusive ? `must be ${words.exclusive} ${limit}` : `must be ${limit} ${words.inclusive}`;
  if (words === LEAST && limit === 1) return 'must not be empty';
  return `must have ${words.of} ${limit} ${unit}${limit === 1 ? '' : 's'}`;
}
