import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API, PAGES, pagesOf, titled } from './pages.js';

/** Goal: whatever page there is, the rail has it, the palette finds it and a key goes to it. Method: the one list, and the routes as they are. */
const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
/** Pages that need no id. */
const routes = [...read('../router.tsx').matchAll(/^ {2}path: '([^'$]+)',$/gm)].map(([, path]) => path);
/** It is of two orders: the list of orders leads there, by `x`. */
const OF_ORDERS = '/orders/compare';

describe('how pages are reached', () => {
  it('every page that needs no id is in the list', () => {
    expect(routes).toContain(OF_ORDERS);
    expect(routes.filter((path) => path !== OF_ORDERS).sort()).toEqual(PAGES.map(({ to }) => to).sort());
  });

  it('rail, palette, keys and their help have the pages from that list', () => {
    for (const [file, use] of [
      ['rail.tsx', 'usePages().map('],
      ['palette.tsx', 'titled(all, typed)'],
      ['shell.tsx', '`g ${key}`'],
      ['keys-help.tsx', '...[...PAGES, API].map('],
    ] as const)
      expect([file, read(file).includes(use)]).toEqual([file, true]);
  });

  it('no two pages have the same key, or the same title', () => {
    const all = [...PAGES, API];
    for (const name of ['key', 'title'] as const) expect(new Set(all.map((page) => page[name])).size).toBe(all.length);
  });

  it('each page is found by its title, however it is typed', () => {
    for (const page of PAGES) expect(titled(PAGES, page.title.toLowerCase())).toContain(page);
    expect(titled(PAGES, 'topics and').map(({ to }) => to)).toEqual(['/topics']);
    expect(titled(PAGES, 'nothing')).toEqual([]);
  });

  it('the lab is a page only where the gateway serves it', () => {
    expect(pagesOf({ hasLab: true })).toEqual(PAGES);
    expect(pagesOf({ hasLab: false }).map(({ to }) => to)).not.toContain('/lab');
    expect(pagesOf({ hasLab: false })).toHaveLength(PAGES.length - 1);
  });
});
