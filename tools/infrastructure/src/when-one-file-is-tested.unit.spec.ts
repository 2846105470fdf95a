import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { script } from './script.fixture.spec.js';
import { ROOT } from './topology.js';

/** Goal: the command that the guides name for one file runs that file and no other, as it is, with nothing built. */
const unit = (...args: readonly string[]) => script('unit.mjs', ...args);

const specsIn = (stdout: string): string[] => stdout.split('\n').filter((line) => line.endsWith('.spec.ts'));

describe('when one file is tested', () => {
  it('it alone runs', async () => {
    const { code, stderr } = await unit('libs/messages/src/new-id', '-t', 'UUIDv7');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/Test Suites: 1 passed, 1 total/) });
  });

  it('several paths, and an option after them, are told apart', async () => {
    const { stdout } = await unit('libs/messages/src/new-id', 'tools/infrastructure/src/restart', '--listTests');
    expect(specsIn(stdout)).toHaveLength(2);
  });

  it.each(['CONTRIBUTING.md', 'docs/add-a-saga.md'])('%s names the command, with paths that there are', (page) => {
    const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^npm run unit -- (\S+)$/gm)].map(
      ([, path]) => path,
    );
    expect(named.length).toBeGreaterThan(0);
    for (const path of named) expect(existsSync(join(ROOT, path ?? ''))).toBe(true);
  });
});
