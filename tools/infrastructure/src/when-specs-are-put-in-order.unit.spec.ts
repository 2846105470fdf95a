import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from './topology.js';

/**
 * Goal: none of the long spec files runs alone at the end, also in a fresh clone, where Jest does not know yet how long they take; and those that
 * only wait do so beside others that compute.
 */
interface Sequencer {
  sort(tests: readonly { readonly path: string }[]): { readonly path: string }[];
}
let order: (...names: string[]) => string[];
let dir: string;

beforeAll(async () => {
  const file = pathToFileURL(join(ROOT, 'tools/longest-first.mjs')).href;
  const { default: LongestFirst } = (await import(file)) as { default: new () => Sequencer };
  dir = mkdtempSync(join(tmpdir(), 'backstep-order-'));
  order = (...names) => {
    const tests = names.map((name) => ({ path: join(dir, name) }));
    for (const [index, { path }] of tests.entries()) writeFileSync(path, 'x'.repeat(index));
    return new LongestFirst().sort(tests).map(({ path }) => basename(path));
  };
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('spec files', () => {
  it('spec files run the longest first, and of those that are short the larger ones', () => {
    const long = ['infrastructure.int.spec.ts', 'when-a-lab-is-run.int.spec.ts'];
    expect(order('a.unit.spec.ts', 'b.unit.spec.ts', ...long.slice().reverse())).toEqual([
      ...long,
      'b.unit.spec.ts',
      'a.unit.spec.ts',
    ]);
  });

  it('spec files that wait begin one when the one before has ended, the longest first', () => {
    const waiting = ['when-a-log-is-another.int.spec.ts', 'when-keys-grow-old.int.spec.ts'];
    const short = Array.from({ length: 100 }, (_, n) => `${n}.unit.spec.ts`);
    const sequence = order(...short, ...waiting.slice().reverse());
    const [first = -1, second = -1] = waiting.map((name) => sequence.indexOf(name));
    expect(first).toBe(0);
    // 41 s on each of three workers, of files that take 2 s.
    expect(second - first).toBeGreaterThan(60);
    expect(second - first).toBeLessThan(65);
  });

  it('spec files that wait and have nothing beside them run all the same', () => {
    const waiting = ['when-a-log-is-another.int.spec.ts', 'when-keys-grow-old.int.spec.ts'];
    expect(order(...waiting.slice().reverse())).toEqual(waiting);
  });

  it('spec files of a whole system that nobody has measured run before all others', () => {
    const known = ['what-dies-comes-back.e2e.spec.ts', 'what-operators-see.e2e.spec.ts'];
    expect(order(...known.slice().reverse(), 'new.e2e.spec.ts')).toEqual(['new.e2e.spec.ts', ...known]);
  });
});
