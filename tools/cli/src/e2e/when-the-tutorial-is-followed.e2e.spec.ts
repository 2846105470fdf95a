import { ROOT } from '@backstep/infrastructure';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CopyOfTheClone } from './copy-of-the-clone.fixture.spec.js';
import { chaptersOf, edited, firstUnseen, type Part } from './tutorial-page.fixture.spec.js';

/**
 * Goal: whoever follows docs/tutorial.md word for word sees what it shows: what the generators write builds, passes its specs and runs, and
 * `simulate` finds the bug that the page has its reader write, and nothing once it is mended.
 * Method: the page is read; its commands are run and its files written in a copy of the clone, in its order. The seed is the one that was told.
 * The first chapter, which starts the shop as it is, is followed in when-everything-starts.e2e.spec.ts, where it runs.
 */
const [START, ...CHAPTERS] = chaptersOf(readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8'));
const CHAPTER_WITHIN_MS = 240_000;
const SEED = /--seed \d+/g;

let clone: CopyOfTheClone;
let seedTold: string | undefined;
/** What follows a step that failed would fail for that. */
let left = false;

beforeAll(() => {
  clone = new CopyOfTheClone();
});
afterAll(() => clone.remove(), 60_000);

async function follow(part: Part): Promise<void> {
  switch (part.kind) {
    case 'start':
      return clone.start();
    case 'write':
      mkdirSync(dirname(join(clone.folder, part.path)), { recursive: true });
      return writeFileSync(join(clone.folder, part.path), part.text);
    case 'edit': {
      const path = join(clone.folder, part.path);
      return writeFileSync(path, edited(readFileSync(path, 'utf8'), part.diff));
    }
    case 'run': {
      const { code, output } = await clone.run(part.commands.replaceAll(SEED, seedTold ?? '$&'));
      expect({ code, output }).toMatchObject({ code: 0 });
      const unseen = firstUnseen(part.seen, output);
      if (unseen !== undefined) throw new Error(`The page shows this line, which was not seen: ${unseen}\n\n${output}`);
      seedTold = output.match(SEED)?.at(-1) ?? seedTold;
    }
  }
}

describe('the tutorial, followed word for word', () => {
  it('the tutorial starts the shop as it is, and again with the new service', () => {
    const starts = [START, ...CHAPTERS].map((chapter) => chapter?.parts.filter(({ kind }) => kind === 'start').length);
    expect(starts.filter(Boolean)).toEqual([1, 1]);
    expect(starts[0]).toBe(1);
  });

  it.each(CHAPTERS)(
    'a chapter of the tutorial does what it shows: $title',
    async ({ parts }) => {
      if (left) throw new Error('a chapter before this one was not followed to its end');
      left = true;
      for (const part of parts) await follow(part);
      left = false;
    },
    CHAPTER_WITHIN_MS,
  );

  it('the tutorial finds a bug, and tells its seed', () => {
    expect(seedTold).toMatch(SEED);
  });

  it('the tutorial leaves a clone in which nothing is to be written by hand', async () => {
    const checks = ['services', 'packages'].map((tool) => `node tools/${tool}.mjs --check\n`);
    expect(await clone.run(checks.join(''))).toMatchObject({ code: 0 });
    const isIn = (path: string, text: string) => readFileSync(join(clone.folder, path), 'utf8').includes(text);
    expect(isIn('docker-compose.yml', 'apps/loyalty/dist/main.js')).toBe(true);
    expect(isIn('package-lock.json', '"node_modules/@backstep/loyalty"')).toBe(true);
  }, 60_000);
});
