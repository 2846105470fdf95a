import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTANTS } from './mutants/index.js';
import type { Check, Edit } from './mutant.js';
import { readOptions, UsageError } from './options.js';
import { told, withTable } from './render.js';
import { applyEdit, MisfitError, ROOT } from './scratch.js';

/**
 * Goal: the list of mutants does not rot: whoever changes a protection is told that its mutant must change too.
 * Method: every edit is applied to the source as it is; what it looks for must be there exactly once.
 */
const given = (check: Check): readonly Edit[] => (check.kind === 'simulation' && check.given) || [];

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'the edits of mutant %s fit the sources',
  (_, { edits, check }) => {
    const sources = new Map<string, string>();
    for (const edit of [...given(check), ...edits]) {
      const source = sources.get(edit.file) ?? readFileSync(join(ROOT, edit.file), 'utf8');
      sources.set(edit.file, applyEdit(source, edit));
    }
  },
);

it.each(MUTANTS.flatMap(({ check }) => (check.kind === 'spec' ? [check.file] : [])))('the check %s exists', (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

it('the names of mutants are unique', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

describe('an edit is refused', () => {
  const edit = { file: 'a.ts', find: 'b', replace: 'c' };
  it.each([
    ['when what it looks for is gone', 'xyz', edit],
    ['when that is there twice', 'b b', edit],
    ['when it changes nothing', 'b', { ...edit, replace: 'b' }],
  ])('an edit is refused: %s', (_, source, wrong) => {
    expect(() => applyEdit(source, wrong)).toThrow(MisfitError);
  });

  it('an edit is applied literally, whatever characters it has', () => {
    expect(applyEdit('a b', { ...edit, replace: '$& $1' })).toBe('a $& $1');
  });
});

describe('options', () => {
  it.each([
    [['--only', 'nobody']],
    [['--all']],
    [['surplus']],
    [['--at-once', '0']],
    [['--at-once', '9']],
    [['--write-docs', '--only', 'known']],
  ])('the options %j are refused in one line', (args) => {
    expect(() => readOptions(args, ['known'])).toThrow(UsageError);
  });

  it('the options of a run are read', () => {
    expect(readOptions(['--only', 'known,other', '--json', 'f', '--at-once', '3'], ['known', 'other'])).toMatchObject({
      only: ['known', 'other'],
      json: 'f',
      atOnce: 3,
    });
  });
});

it('a verdict says what caught the mutant, that nothing did, or that it proves nothing', () => {
  const [{ check }] = MUTANTS as [(typeof MUTANTS)[number]];
  expect(told({ kind: 'caught', by: 'I12', seed: 41, after: 1, what: '' }, check)).toBe(
    'caught by I12, seed 41, 1 run',
  );
  expect(told({ kind: 'survived', runs: 2 }, check)).toBe('survived 2 runs');
  expect(told({ kind: 'broken', why: 'exit code 1' }, check)).toBe('broken mutant: exit code 1');
});

it('a page without the marks of the table is not written', () => {
  expect(() => withTable('# Mutants', [])).toThrow('no place');
});
