import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API, PAGES } from './pages.js';

/** Goal: whoever presses `?` is told every key. Method: the keys that pages bind, and the list, as their sources have them. */
const SOURCES = join(import.meta.dirname, '..');
const NAMES: Readonly<Record<string, string>> = {
  ...{ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Enter: 'Enter', Escape: 'Esc', ' ': 'Space' },
  'Shift Escape': 'Shift Esc',
};
/** Other names within a block are parts of what a key does. */
const isKey = (name: string): boolean => name.length === 1 || name.includes(' ') || name in NAMES;

const bound = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .flatMap((file) => {
    const source = readFileSync(join(SOURCES, file), 'utf8');
    return [...source.matchAll(/useKeys\(\{([\s\S]*?)\n? *\}\);/g)].flatMap(([, block = '']) =>
      [...block.matchAll(/(?:^|\{|, )\s*(?:'([^']+)'|(\w+)): (?:\(|\w+[.\w]*,?\s)/gm)].map(
        ([, quoted, plain = '']) => ({
          file,
          key: quoted ?? plain,
        }),
      ),
    );
  })
  .filter(({ key }) => isKey(key));
const help = readFileSync(join(SOURCES, 'shell/keys-help.tsx'), 'utf8');
const listed = [...help.matchAll(/^ {2}\['([^']+)', '/gm)].map(([, keys = '']) => keys);
/** Those of the pages come from the list of pages, in what binds them as in what lists them. */
const ofPages = [...PAGES, API].map(({ key }) => `g ${key}`);

it('pages bind keys, and the list has some', () => {
  expect(bound.map(({ key }) => key)).toEqual(expect.arrayContaining(['i', 'j', 'Escape', '?', ',', 'x']));
  expect(listed).toEqual(expect.arrayContaining(['i', 'Esc', '?']));
});

it('every key that a page binds is in the list', () => {
  const known = new Set([...listed, ...ofPages, ...listed.flatMap((keys) => keys.split(' '))]);
  expect(bound.filter(({ key }) => !known.has(NAMES[key] ?? key))).toEqual([]);
});
