import { spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folder, later } from './between-processes.fixture.spec.js';
import { ABANDONED_AFTER_MS } from './limits.js';
import { socketFile } from './socket-file.js';

/** Goal: a process that was killed leaves no socket file for good, and nobody's socket in use is removed. Method: real sockets and files. */
const age = (path: string): void => {
  const then = (Date.now() - 2 * ABANDONED_AFTER_MS) / 1_000;
  utimesSync(path, then, then);
};

/** A socket file whose process is gone. */
function abandoned(path: string): string {
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script, path]);
  expect(existsSync(path)).toBe(true);
  return path;
}

describe('a socket file', () => {
  it('a socket file has a new name each time, in a folder that is made for this user alone', async () => {
    const inFolder = join(await folder(), 'express');
    const [one, other] = [await socketFile(inFolder, 'oven'), await socketFile(inFolder, 'oven')];
    expect(one).not.toBe(other);
    expect(statSync(inFolder).mode & 0o777).toBe(0o700);
  });

  it('a socket file of a process that is gone is removed by the next of its service', async () => {
    const path = await folder();
    const old = abandoned(join(path, 'oven-1.sock'));
    const young = abandoned(join(path, 'oven-2.sock'));
    const other = abandoned(join(path, 'counter-1.sock'));
    age(old);
    age(other);
    await socketFile(path, 'oven');
    expect([old, young, other].map((file) => existsSync(file))).toEqual([false, true, true]);
  });

  it('a socket file in use, and what is no socket, stay', async () => {
    const path = await folder();
    const used = join(path, 'oven-1.sock');
    const server = createServer().listen(used);
    await once(server, 'listening');
    later(() => server.close());
    const note = join(path, 'oven-note.txt');
    writeFileSync(note, 'x');
    for (const file of [used, note]) age(file);
    await socketFile(path, 'oven');
    expect([used, note].map((file) => existsSync(file))).toEqual([true, true]);
  });

  it('a socket file whose path is too long is told when the process starts', async () => {
    await expect(socketFile(`/tmp/${'x'.repeat(100)}`, 'oven')).rejects.toThrow(
      /the folder of sockets has too long a name/,
    );
  });
});
