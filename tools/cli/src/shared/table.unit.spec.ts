import { describe, expect, it } from '@jest/globals';
import { coloured, paintFor } from './style.js';
import { fields, table } from './table.js';

/** Goal: aligned with and without colour, and safe to print whatever a message holds. */
const columns = [
  { title: 'Name', cell: ({ name }: { name: string; n: number }) => name },
  { title: 'N', align: 'right' as const, cell: ({ n }: { name: string; n: number }) => String(n) },
];

describe('a table', () => {
  it('a table has columns as wide as their widest cell', () => {
    const text = table(columns, [
      { name: 'a', n: 1 },
      { name: 'longer', n: 100 },
    ]);
    expect(text).toBe(['Name      N', 'a         1', 'longer  100'].join('\n'));
  });

  it('a table is aligned by visible width, without colour codes', () => {
    const paint = (name: string) => coloured('red', name);
    const rows = [{ name: paint('a'), n: 1 }];
    expect(table(columns, rows).split('\n')[1]).toBe(`${paint('a')}     1`);
  });

  it('a table escapes control characters in its cells', () => {
    expect(table(columns, [{ name: 'a\u001b[2Jb\nc', n: 1 }])).toContain('a\\u001b[2Jb\\nc');
    expect(fields([['Name', 'a\rb']])).toBe('Name  a\\rb');
  });
});

describe('colour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: '', NO_COLOR: '1' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
  ])('the colour for %j with %j is %s', (stream, environment, expected) => {
    expect(paintFor(stream, environment)('red', 'x') !== 'x').toBe(expected);
  });
});
