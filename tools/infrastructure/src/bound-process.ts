import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait.js';

/**
 * Becomes the program, and leaves beside it a `cat` on our end of a pipe. The system closes that pipe when this process ends, however it
 * ends; then the program is killed and its folder, which is `$0`, removed. Without it a worker of Jest that is killed would leave its
 * servers behind. Through 3, because a shell gives what runs in the background an empty 0.
 */
const BOUND = 'exec 3<&0; { cat >/dev/null; kill -KILL $$ 2>/dev/null; rm -rf "$0"; } <&3 & exec "$@" </dev/null 3<&-';
const LOOK_EVERY_MS = 10;
/** Of what the program has written, the end: it says why a start failed. */
const LAST_CHARACTERS = 4_000;

export interface BoundProgram {
  /** For errors. */
  readonly name: string;
  readonly command: string;
  /** @param dir the program's working folder: temporary, and removed with it */
  readonly args: (dir: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** True once the program answers. */
  readonly ready: () => Promise<boolean>;
  readonly readyWithinMs: number;
}

export interface BoundProcess {
  readonly pid: number;
  /** Kills the program and removes its folder: nothing of it is to be kept. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts a server whose data nobody keeps. It ends with this process at the latest. Not on Windows, which has no `sh`.
 * @throws Error with the end of what the program wrote, when it ends or is not ready in time
 */
export async function startBound(program: BoundProgram): Promise<BoundProcess> {
  const { name, command, ready, readyWithinMs } = program;
  const dir = mkdtempSync(join(tmpdir(), `backstep-${name}-`));
  const args = ['-c', BOUND, dir, command, ...program.args(dir)];
  const child = spawn('sh', args, { cwd: dir, env: program.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').catch(() => undefined);
  // A program that is killed by its own end of the pipe takes the pipe with it.
  child.stdin.on('error', () => undefined);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (written = (written + text).slice(-LAST_CHARACTERS)));
  }
  const runs = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const stop = async (): Promise<void> => {
    // Waiting for its end is work again.
    child.ref();
    if (runs()) child.kill('SIGKILL');
    await exited;
    rmSync(dir, { recursive: true, force: true });
  };
  const seen = await waitFor(async () => (runs() ? (await ready()) && 'ready' : 'ended'), {
    timeoutMs: readyWithinMs,
    everyMs: LOOK_EVERY_MS,
  });
  if (seen === 'ready' && child.pid !== undefined) {
    // A spec that fails before it stops the server must not keep its process from ending, which then ends the server.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr] as Socket[]) stream.unref();
    return { pid: child.pid, stop };
  }
  await stop();
  const how = seen === 'ended' ? 'ended before it answered' : `did not answer within ${readyWithinMs / 1000} s`;
  throw new Error(`${name} ${how}:\n${written}`);
}
