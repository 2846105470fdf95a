import { afterAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { identify } from './process-identity.js';
import { startRedis } from './redis.js';
import { ROOT } from './topology.js';
import { waitFor } from './wait.js';

/**
 * Goal: a spec gets a real Redis on any machine with Maven, and no server outlives the spec, not even when its process is killed.
 * Method: this process starts one and stops it; a process that has started one is killed with SIGKILL.
 */
const redis = await startRedis();
afterAll(() => redis?.stop());
const itOwnsRedis = redis?.pid === undefined ? it.skip : it;
const GONE_WITHIN_MS = 5_000;

itOwnsRedis(
  'redis that a spec has started listens on loopback only, and keeps its folder until it is stopped',
  async () => {
    const another = await startRedis();
    if (another?.pid === undefined) throw new Error('no Redis of its own');
    const { pid, url } = another;
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await portIsFreeOn('127.0.0.1', url)).toBe(false);
    expect(await portIsFreeOn('127.0.0.2', url)).toBe(true);
    const dir = process.platform === 'linux' ? readlinkSync(`/proc/${pid}/cwd`) : undefined;
    await another.stop();
    await another.stop();
    expect(identify(pid)).toBeUndefined();
    if (dir !== undefined) expect(existsSync(dir)).toBe(false);
  },
);

itOwnsRedis('redis and its folder go when the process that started it is killed', async () => {
  const module = pathToFileURL(join(ROOT, 'tools/infrastructure/dist/redis.js')).href;
  const program = `const { startRedis } = await import(${JSON.stringify(module)}); console.log((await startRedis()).pid); setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(starter, 'exit');
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(identify(pid)).toBeDefined();
  const dir = process.platform === 'linux' ? readlinkSync(`/proc/${pid}/cwd`) : undefined;
  starter.kill('SIGKILL');
  await exited;
  const isGone = () => identify(pid) === undefined && (dir === undefined || !existsSync(dir));
  const gone = await waitFor(isGone, { timeoutMs: GONE_WITHIN_MS, everyMs: 10 });
  expect(gone).toBe(true);
});

async function portIsFreeOn(host: string, url: string): Promise<boolean> {
  const server = createServer();
  server.listen({ host, port: Number(new URL(url).port), exclusive: true });
  // `once` rejects when the server says "error".
  const bound = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (bound) server.close();
  return bound;
}
