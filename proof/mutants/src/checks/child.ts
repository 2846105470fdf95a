import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Ended {
  /** null: it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** What is kept of an output, characters from its end. */
const KEPT_MAX = 200_000;
/** What is asked to end, and does not, is ended after this time, milliseconds. */
const GRACE_MS = 60_000;

/** Runs a Node program to its end, at most `timeoutMs`; asked to end early, it may tidy up behind it. */
export function run(
  args: readonly string[],
  cwd: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]
        .setEncoding('utf8')
        .on('data', (text: string) => (output[name] = (output[name] + text).slice(-KEPT_MAX)));
    }
    let timedOut = false;
    let kill: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      kill ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    const tooLong = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    signal?.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(tooLong);
      clearTimeout(kill);
      signal?.removeEventListener('abort', end);
      resolve({ ...output, code, timedOut });
    });
  });
}

const ERROR_LINES = 3;

/** What a program said that ended as none of ours should. */
export function whyBroken({ code, stderr, timedOut }: Ended): string {
  if (timedOut) return 'it did not end in time';
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return `exit code ${code}: ${lines.slice(0, ERROR_LINES).join(' ')}`;
}

/** What such a program wrote into a file; undefined when it did not come so far. */
export function jsonIn<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as T;
}
