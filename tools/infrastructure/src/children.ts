import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessEndedError } from './errors.js';
import { identify, type ProcessIdentity } from './process-identity.js';
import { isInfrastructure, type RunFile } from './run-file.js';
import { waitFor } from './wait.js';

export interface ChildSpec {
  /** Unique among those that run now; also the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** Default SIGKILL. */
  readonly killSignal?: NodeJS.Signals;
  /** How long it may take to end well before it is killed, in ms. Default 2,500. */
  readonly stopWithinMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** True when we asked for it. */
  readonly expected: boolean;
}

const STOP_WITHIN_MS = 2_500;
/** After the kill signal only the kernel's bookkeeping is left. */
const KILLED_WITHIN_MS = 1_000;
/** A log larger than this is set aside as `<name>.log.1` when its process starts; one older log is kept. */
const LOG_MAX_BYTES = 16 * 1024 * 1024;
/** How much of a log is quoted when its process dies. */
const LAST_LINES = 15;
const LAST_BYTES = 16 * 1024;
/** A broker that could not bind its port says why above thirty of these. */
const JAVA_FRAME = /^\s+at .*\(\w+\.(java|scala):\d+\)/;

/** A process we started: its log, its end, and how to end it. */
export class Child {
  /** Resolves when the process has ended, however it did. Never rejects. */
  readonly exited: Promise<Exit>;
  readonly startedAt = Date.now();
  private expected = false;
  private ended: Exit | undefined;

  constructor(
    private readonly spec: ChildSpec,
    private readonly handle: ChildProcess,
    readonly logFile: string,
    /** Where in the log this process begins; before it are earlier ones. */
    private readonly logStart: number,
    readonly identity: ProcessIdentity,
  ) {
    this.exited = new Promise((resolve) => {
      handle.once('exit', (code, signal) => resolve((this.ended = { code, signal, expected: this.expected })));
    });
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number {
    return this.identity.pid;
  }

  get running(): boolean {
    return this.ended === undefined;
  }

  /** Asks it to end, then makes it. Returns when it has ended; calling it again waits for the same end. */
  async stop(): Promise<void> {
    if (this.ended) return;
    this.expected = true;
    this.handle.kill(this.spec.stopSignal ?? 'SIGTERM');
    if (await this.endedWithin(this.spec.stopWithinMs ?? STOP_WITHIN_MS)) return;
    this.handle.kill(this.spec.killSignal ?? 'SIGKILL');
    if (await this.endedWithin(KILLED_WITHIN_MS)) return;
    this.handle.kill('SIGKILL');
    await this.exited;
  }

  /** Sends one signal and waits for the end, which counts as unexpected: for tests and chaos. */
  async kill(signal: NodeJS.Signals): Promise<Exit> {
    this.handle.kill(signal);
    return this.exited;
  }

  /** Sends a signal that does not end the process, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.handle.kill(signal);
  }

  /** The end of what this process has written, without empty lines and Java's stack frames. */
  lastLines(): string[] {
    const log = readFileSync(this.logFile);
    const lines = log
      .subarray(Math.max(this.logStart, log.length - LAST_BYTES))
      .toString('utf8')
      .split(/\r?\n/);
    return lines.filter((line) => line.trim() !== '' && !JAVA_FRAME.test(line)).slice(-LAST_LINES);
  }

  /**
   * Waits until `look` is content.
   * @throws ProcessEndedError when the process ends first, or is not ready in time; the log's end is in the message.
   */
  async ready(look: () => Promise<boolean>, timeoutMs: number, everyMs: number): Promise<void> {
    const seen = await waitFor(async () => (this.ended ? 'ended' : (await look()) && 'ready'), { timeoutMs, everyMs });
    if (seen === 'ready') return;
    const how = this.ended ? describeExit(this.ended) : `was not ready within ${timeoutMs / 1000} s`;
    throw new ProcessEndedError(this.name, how, this.logFile, this.lastLines(), this.ended?.expected === false);
  }

  private async endedWithin(timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    const ended = await Promise.race([this.exited.then(() => true as const), late]);
    clearTimeout(timer);
    return ended;
  }
}

export const describeExit = ({ code, signal }: Exit): string =>
  signal ? `was ended by ${signal}` : `ended with exit code ${code}`;

/** Starts processes, writes each down in the run file, and its output into `<dir>/logs/<name>.log`. */
export class Children {
  private readonly running = new Map<string, Child>();
  private readonly logs: string;

  constructor(private readonly run: RunFile) {
    this.logs = join(run.dir, 'logs');
    mkdirSync(this.logs, { recursive: true });
  }

  /** @throws Error when the program cannot be started at all. */
  async start(spec: ChildSpec): Promise<Child> {
    if (this.running.has(spec.name)) throw new Error(`${spec.name} runs already`);
    const logFile = join(this.logs, `${spec.name}.log`);
    const log = openLog(logFile);
    const logStart = fstatSync(log).size;
    const handle = spawn(spec.command, spec.args, {
      // The child writes its log itself: no pipe to copy, and no EPIPE for it when we are killed.
      stdio: ['ignore', log, log],
      env: spec.env,
      // A group of its own, so that Ctrl-C reaches us alone and we stop things in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    });
    closeSync(log);
    const { pid } = handle;
    if (pid === undefined) throw await new Promise<Error>((resolve) => handle.once('error', resolve));
    // A signal that cannot be delivered is reported here; the exit tells the rest.
    handle.on('error', (error) => process.emitWarning(`${spec.name}: ${error.message}`));
    const identity = identify(pid) ?? { pid, began: 'ended at once' };
    const child = new Child(spec, handle, logFile, logStart, identity);
    this.running.set(spec.name, child);
    const { stopSignal = 'SIGTERM', killSignal = 'SIGKILL' } = spec;
    this.run.add({ ...identity, name: spec.name, stopSignal, killSignal });
    void child.exited.then(() => {
      this.running.delete(spec.name);
      this.run.remove(identity);
    });
    return child;
  }

  get(name: string): Child | undefined {
    return this.running.get(name);
  }

  all(): readonly Child[] {
    return [...this.running.values()];
  }

  /** Ends the services, then the database and Kafka, to which the services still write while they drain. */
  async stopAll(): Promise<void> {
    for (const infrastructure of [false, true]) {
      const group = this.all().filter(({ name }) => isInfrastructure(name) === infrastructure);
      await Promise.all(group.map((child) => child.stop()));
    }
  }
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_MAX_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
