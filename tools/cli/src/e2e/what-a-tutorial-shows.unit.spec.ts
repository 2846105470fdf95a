import { describe, expect, it } from '@jest/globals';
import { chaptersOf, edited, firstUnseen } from './tutorial-page.fixture.spec.js';

/** Goal: the test of the tutorial notices what the page shows and nobody sees, and what its reader cannot do. */
describe('what a page shows was seen', () => {
  it.each([
    ['word for word', 'a\nb', 'a\nb'],
    ['with lines between that the page leaves out', 'a\n…\nb', 'a\nother\nb'],
    [
      'with other ids and times',
      '019a3f5e-7c00-7a10-8a01-5d2f6c1b9e00 took 1.5 s',
      '019a3f5e-7c00-7a10-8a01-000000000000 took 12 s',
    ],
    ['with other widths of columns', 'Saga   State', 'Saga          State'],
    [
      'with another story of the same violation',
      '  14  t= 1.2s  VIOLATION P1: no 2',
      '   3  t= 9s  VIOLATION P1: no 3',
    ],
  ])('what a page shows was seen, %s', (_, shown, output) => {
    expect(firstUnseen(shown, output)).toBeUndefined();
  });

  it.each([
    ['a line that is not there', 'a\nb', 'a', 'b'],
    ['lines in another order', 'a\nb', 'b\na', 'b'],
    ['another exit code', 'exit code 1', 'exit code 0', 'exit code 1'],
    [
      'another violation',
      '  14  t= 1s  VIOLATION P1: no',
      '   3  t= 9s  VIOLATION P2: no',
      '  14  t= 1s  VIOLATION P1: no',
    ],
  ])('what a page shows was not seen: %s', (_, shown, output, unseen) => {
    expect(firstUnseen(shown, output)).toBe(unseen);
  });
});

describe('an edit of a page', () => {
  const file = 'one\ntwo\nthree\ntwo\n';

  it('an edit of a page replaces lines that stand together, in several places', () => {
    expect(edited(file, ' one\n-two\n+zwei\n@@\n three\n+more\n')).toBe('one\nzwei\nthree\nmore\ntwo\n');
  });

  it.each([
    ['are not there', '-four\n+vier\n', 'these lines stand 0 times in the file:\nfour'],
    ['are there twice', '-two\n+zwei\n', 'these lines stand 2 times in the file:\ntwo'],
  ])('an edit of a page is refused when its lines %s', (_, diff, said) => {
    expect(() => edited(file, diff)).toThrow(said);
  });
});

it('a page with a block that nobody follows is refused', () => {
  expect(() => chaptersOf('# Page\n\n## One\n\n```js\nlet a;\n```\n')).toThrow('nobody can tell what the reader does');
});
