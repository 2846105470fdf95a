import { describe, expect, it } from '@jest/globals';
import { choose } from './choose.js';

/**
 * Goal: entries that share a row keep their order, whatever is held; others pass.
 * Method: entries named by the rows they name: `ab` is a move between the rows a and b.
 */
const NOBODY = { has: () => false, rows: new Set<string>() };
const rowsOf = (input: unknown): string[] => [...(input as string)];
const queue = (...inputs: readonly string[]) => inputs.map((input, at) => ({ key: `${at}${input}`, input }));
const held = (...keys: readonly string[]) => ({
  has: (key: string) => keys.includes(key),
  rows: new Set(keys.flatMap((key) => [...key.slice(1)])),
});

describe('the choice of the next entries', () => {
  it('an entry waits for the last one before it of each of its rows, and for no other', () => {
    const chosen = choose(queue('ab', 'cd', 'bc', 'a', 'e'), rowsOf, NOBODY, 10);
    expect(chosen.map(({ key, behind }) => [key, behind])).toEqual([
      ['0ab', []],
      ['1cd', []],
      ['2bc', ['0ab', '1cd']],
      ['3a', ['0ab']],
      ['4e', []],
    ]);
  });

  it('an entry that names one row twice does not wait for itself', () => {
    expect(choose(queue('aa'), rowsOf, NOBODY, 10)).toMatchObject([{ key: '0aa', behind: [] }]);
  });

  it('no more than the maximum is chosen, the oldest first', () => {
    expect(choose(queue('a', 'b', 'c'), rowsOf, NOBODY, 2).map(({ key }) => key)).toEqual(['0a', '1b']);
  });

  it('a held entry is left out, with what shares a row with it, and with what shares a row with that', () => {
    const chosen = choose(queue('ab', 'bc', 'cd', 'ef', 'd'), rowsOf, held('0ab'), 10);
    expect(chosen.map(({ key }) => key)).toEqual(['3ef']);
  });

  it('an entry whose number is lower than that of a held one, and that was seen after it, does not overtake it', () => {
    const [late, first] = queue('a', 'ab');
    expect(
      choose(
        [late, first].flatMap((one) => one ?? []),
        rowsOf,
        held('1ab'),
        10,
      ),
    ).toEqual([]);
  });
});
