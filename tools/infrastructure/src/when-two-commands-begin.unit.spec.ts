import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './topology.js';
import { waitFor } from './wait.js';

/**
 * Goal: of two `npm run` in a fresh clone one installs and builds, and the other waits for it; one that was killed is in nobody's way.
 * Method: processes that take the lock of tools/lock.mjs and note when they came in and went out.
 */
const MODULE = pathToFileURL(join(ROOT, 'tools/lock.mjs')).href;
let dir: string;
let children: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-lock-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

const lock = (): string => join(dir, 'lock');
const log = (): string[] =>
  existsSync(join(dir, 'log')) ? readFileSync(join(dir, 'log'), 'utf8').trim().split('\n') : [];

/** Takes the lock, notes `in`, works until the file `go` is there, or for 20 ms, and notes `out`. */
function begin(name: string, { untilGo = false, withinMs = 20_000 } = {}) {
  const work = untilGo
    ? `while (!existsSync(${JSON.stringify(join(dir, 'go'))})) await delay(10);`
    : 'await delay(20);';
  const program = `
    import { appendFileSync, existsSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(MODULE)};
    const note = (what) => appendFileSync(${JSON.stringify(join(dir, 'log'))}, what + ' ${name}\\n');
    await withLock(${JSON.stringify(lock())}, async () => { note('in'); ${work} note('out'); }, { withinMs: ${withinMs} });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return { child, told: () => told, ended: once(child, 'close').then(([code]) => code as number | null) };
}

const isIn = (name: string) => waitFor(() => log().includes(`in ${name}`), { timeoutMs: 20_000, everyMs: 10 });

describe('when two commands begin at once', () => {
  it('a second command waits for the first, and says so in one line', async () => {
    const first = begin('first', { untilGo: true });
    await isIn('first');
    const second = begin('second');
    await waitFor(() => second.told().includes('waiting'), { timeoutMs: 20_000, everyMs: 10 });
    expect(log()).toEqual(['in first']);
    appendFileSync(join(dir, 'go'), '');
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(log()).toEqual(['in first', 'out first', 'in second', 'out second']);
    expect(second.told()).toBe(`  … waiting for process ${first.child.pid}, which installs or builds here\n`);
  });

  it('several commands take the lock one after the other, also from a killed holder', async () => {
    const killed = begin('killed', { untilGo: true });
    await isIn('killed');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const names = Array.from({ length: 6 }, (_, at) => `n${at}`);
    const all = names.map((name) => begin(name));
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual(names.map(() => 0));
    const [, ...rest] = log();
    for (let at = 0; at < rest.length; at += 2) expect(rest[at]?.replace('in', 'out')).toBe(rest[at + 1]);
    expect(
      rest
        .filter((line) => line.startsWith('in'))
        .map((line) => line.slice(3))
        .sort(),
    ).toEqual(names);
    expect(readdirSync(dir)).toEqual(['log']);
  });

  it.each([
    [
      'of a process that has another program’s number now',
      JSON.stringify({ id: 'x', pid: process.pid, began: 'another day' }),
    ],
    ['that nobody can read', '{"pid":'],
  ])('a lock %s is taken over', async (_, content) => {
    writeFileSync(lock(), content);
    expect(await begin('next').ended).toBe(0);
    expect(log()).toEqual(['in next', 'out next']);
  });

  it('a holder of the lock that does not end is named at the timeout', async () => {
    const first = begin('first', { untilGo: true });
    await isIn('first');
    const second = begin('second', { withinMs: 300 });
    expect(await second.ended).toBe(1);
    expect(second.told()).toContain(`is held by process ${first.child.pid} for more than 0.3 s`);
  });
});
