import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, PORT_NAMES, portSettingOf, ROOT } from '@backstep/infrastructure';
import type { StartResult } from '../result.js';

/** What `npm start` says when the first of its sample orders has ended. */
const FIRST_ORDER = 'first order ended';
const START_WITHIN_MS = 300_000;

/**
 * `npm start` twice, in a folder and on ports of its own: the first time it makes the databases and topics, the second time is measured.
 * @throws Error when no order ends in time
 */
export async function npmStart(signal: AbortSignal): Promise<StartResult> {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-bench-start-'));
  const ports = await Promise.all(
    PORT_NAMES.map(async (name) => [portSettingOf(name), String(await freePort())] as const),
  );
  const env = { ...process.env, ...Object.fromEntries(ports), BACKSTEP_DIR: dir, DATABASE_URL: '', KAFKA_BROKERS: '' };
  try {
    await firstOrderSeconds(env, signal);
    return { scenario: 'start', firstOrderSeconds: await firstOrderSeconds(env, signal) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function firstOrderSeconds(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  // In a group of its own: npm and what it starts are stopped together.
  const npm = spawn('npm', ['start'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const tooLate = AbortSignal.any([signal, AbortSignal.timeout(START_WITHIN_MS)]);
  const stop = (): void => void (npm.pid !== undefined && process.kill(-npm.pid, 'SIGINT'));
  tooLate.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of createInterface({ input: npm.stdout })) {
      if (line.includes(FIRST_ORDER)) return (performance.now() - begun) / 1_000;
    }
    throw new Error(`npm start ended without an order: exit code ${npm.exitCode}`);
  } finally {
    tooLate.removeEventListener('abort', stop);
    await stopped(npm, stop);
  }
}

async function stopped(npm: ChildProcess, stop: () => void): Promise<void> {
  if (npm.exitCode !== null || npm.signalCode !== null) return;
  const exit = once(npm, 'exit');
  npm.stdout?.resume();
  stop();
  await exit;
}
