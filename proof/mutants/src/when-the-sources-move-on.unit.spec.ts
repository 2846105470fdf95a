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

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s fits the sources', (_, { edits, check }) => {
  const sources = new Map<string, string>();
  for (const edit of [...given(check), ...edits]) {
    const source = sources.get(edit.file) ?? readFileSync(join(ROOT, edit.file), 'utf8');
    sources.set(edit.file, applyEdit(source, edit));
  }
});

it.each(MUTANTS.flatMap(({ check }) => (check.kind === 'spec' ? [check.file] : [])))('%s is there', (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

it('no two mutants have one name', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

describe('an edit is refused', () => {
  const edit = { file: 'a.ts', find: 'b', replace: 'c' };
  it.each([
    ['when what it looks for is gone', 'xyz', edit],
    ['when that is there twice', 'b b', edit],
    ['when it changes nothing', 'b', { ...edit, replace: 'b' }],
  ])('%s', (_, source, wrong) => {
    expect(() => applyEdit(source, wrong)).toThrow(MisfitError);
  });

  it('and otherwise taken as it is written, whatever signs are in it', () => {
    expect(applyEdit('a b', { ...edit, replace: '$& $1' })).toBe('a $& $1');
  });
});

describe('options', () => {
  it.each([[['--only', 'nobody']], [['--all']], [['surplus']], [['--write-docs', '--only', 'known']]])(
    '%j are refused in one line',
    (args) => {
      expect(() => readOptions(args, ['known'])).toThrow(UsageError);
    },
  );

  it('are read', () => {
    expect(readOptions(['--only', 'known', '--json', 'f'], ['known'])).toMatchObject({ only: 'known', json: 'f' });
  });
});

it('a verdict says what caught it, that nothing did, or that it proves nothing', () => {
  const [{ check }] = MUTANTS as [(typeof MUTANTS)[number]];
  expect(told({ kind: 'caught', by: 'I12', seed: 41, after: 1, what: '' }, check)).toBe(
    'caught by I12, seed 41, 1 run',
  );
  expect(told({ kind: 'survived', runs: 2 }, check)).toBe('survived 2 runs');
  expect(told({ kind: 'broken', why: 'exit code 1' }, check)).toBe('broken mutant: exit code 1');
});

it('a page without a place for the table is not written', () => {
  expect(() => withTable('# Mutants', [])).toThrow('no place');
});
