import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

import { script } from './script.fixture.spec.js';
import { ROOT } from './topology.js';
import { waitFor } from './wait.js';

/** Goal: the command that the guides name for one file runs that file and no other, as it is, with nothing built. */
const unit = (...args: readonly string[]) => script('unit.mjs', ...args);

const WATCHED = { timeoutMs: 40_000, everyMs: 500 };

const specsIn = (stdout: string): string[] => stdout.split('\n').filter((line) => line.endsWith('.spec.ts'));

describe('when one file is tested', () => {
  it('a named spec file runs alone', async () => {
    const { code, stderr } = await unit('libs/messages/src/new-id', '-t', 'UUIDv7');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/Test Suites: 1 passed, 1 total/) });
  });

  it('several paths are told from an option after them', async () => {
    const { stdout } = await unit('libs/messages/src/new-id', 'tools/infrastructure/src/restart', '--listTests');
    expect(specsIn(stdout)).toHaveLength(2);
  });

  it('a watched spec file runs again whenever it is saved', async () => {
    const path = 'libs/messages/src/new-id.unit.spec.ts';
    const watch = spawn(process.execPath, [join(ROOT, 'tools/unit.mjs'), '--watch', path], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(watch, 'exit');
    let output = '';
    watch.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const runs = () => output.match(/Test Suites: 1 passed, 1 total/g)?.length ?? 0;
    try {
      expect(await waitFor(() => runs() === 1, WATCHED)).toBe(true);
      const again = await waitFor(() => {
        // More than once: the first time may be before Jest looks.
        utimesSync(join(ROOT, path), new Date(), new Date());
        return runs() > 1;
      }, WATCHED);
      expect(again).toBe(true);
    } finally {
      watch.kill();
      await exited;
    }
  });

  it.each(['CONTRIBUTING.md', 'docs/add-a-saga.md'])(
    'the document %s names the command, with existing paths',
    (page) => {
      const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^npm run unit -- (\S+)$/gm)].map(
        ([, path]) => path,
      );
      expect(named.length).toBeGreaterThan(0);
      for (const path of named) expect(existsSync(join(ROOT, path ?? ''))).toBe(true);
    },
  );
});
