import { afterEach } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A line of the log. */
export interface Line {
  readonly msg: string;
  readonly service: string;
  readonly level: string;
  readonly time: string;
  readonly url?: string;
  readonly port?: number;
}

/** A process of a spec: signals, exit codes and the flush of the log cannot be seen from inside. */
export interface RunningProcess {
  readonly process: ChildProcess;
  /** Its exit code. */
  readonly exited: Promise<number | null>;
  /** Waits until a line is there so many times. @returns the last of them. @throws Error with what the process said when it ends before */
  logged(msg: string, service?: string, times?: number): Promise<Line>;
  /** By their times: what is flushed at the exit may overtake what is being written. */
  lines(): readonly Line[];
  messages(): readonly string[];
  /** What it wrote to standard error. */
  errors(): string;
}

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Runs source text as a module that can import the compiled packages. It is killed at the end of the test. */
export function startProcess(source: string, environment: Readonly<Record<string, string>>): RunningProcess {
  const started = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  const lines: Line[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: started.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    waiting.splice(0).forEach((wake) => wake());
  });
  let errors = '';
  started.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const exited = Promise.all([once(started, 'exit'), once(started, 'close')]).then(([[code]]) => code as number | null);
  const logged = async (msg: string, service?: string, times = 1): Promise<Line> => {
    for (;;) {
      const line = lines.filter((one) => one.msg === msg && (service ?? one.service) === one.service)[times - 1];
      if (line) return line;
      await Promise.race([
        new Promise<void>((resolve) => waiting.push(resolve)),
        exited.then((code) => Promise.reject(new Error(`exited with ${code} before "${msg}": ${errors}`))),
      ]);
    }
  };
  const inOrder = (): Line[] => [...lines].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const messages = (): string[] => inOrder().map(({ msg }) => msg);
  return { process: started, exited, logged, lines: inOrder, messages, errors: () => errors };
}
