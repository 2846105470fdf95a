import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlreadyRunningError } from './errors.js';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';
import { privateFolder } from './private-folder.js';
import type { RunningEnvironment } from './running-environment.js';
import { waitFor } from './wait.js';

/** One child, written down the moment it runs, so that whoever comes after a crash can end it. */
export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  /** Asks it to end well. */
  readonly stopSignal: NodeJS.Signals;
  /** Ends it when it does not. */
  readonly killSignal: NodeJS.Signals;
}

export interface RunRecord {
  readonly starter: ProcessIdentity;
  readonly startedAt: string;
  readonly processes: readonly RecordedProcess[];
  /** What `backstep env` shows; there once everything is up. Holds passwords, hence mode 0600. */
  readonly environment?: RunningEnvironment;
}

/** A leftover that does not end within this time is killed. */
const LEFTOVER_STOP_MS = 3_000;
const LEFTOVER_KILL_MS = 2_000;
const LOOK_EVERY_MS = 25;
/** Attempts to take over a folder whose starter died. Two are enough unless several starters race for it. */
const ACQUIRE_ATTEMPTS = 3;

const pathOf = (dir: string): string => join(dir, 'run.json');

/** What runs, or ran, from this folder. Undefined when nothing does and nothing was left. */
export function readRun(dir: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(dir), 'utf8')) as RunRecord;
  } catch (error) {
    // A file cut short by a power loss names nobody who could still run.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const starterRuns = (run: RunRecord): boolean => isRunning(run.starter);

/**
 * Ends what a dead starter left behind, newest first, so services go before the database they use.
 * Only processes that still are the recorded ones are touched: a reused pid is somebody else's.
 * @returns the names of those that were still running.
 */
export async function stopLeftovers(run: RunRecord): Promise<string[]> {
  const left = run.processes.filter(isRunning).reverse();
  const services = left.filter((child) => !isInfrastructure(child.name));
  const rest = left.filter((child) => isInfrastructure(child.name));
  for (const group of [services, rest]) await Promise.all(group.map(stopRecorded));
  return left.map((child) => child.name);
}

/** These stop last: everything else writes to them while it drains. Brokers of several are kafka, kafka-2 and so on. */
export const isInfrastructure = (name: string): boolean => /^(postgres|kafka(-\d+)?)$/.test(name);

/** A starter that was asked ends everything within five seconds. */
const STARTER_STOP_MS = 8_000;

/**
 * Ends what runs from the folder, through its starter while that lives.
 * @returns false when nothing ran. @throws when something cannot be ended.
 */
export async function stopRun(dir: string): Promise<boolean> {
  const run = readRun(dir);
  if (!run) return false;
  const alive = starterRuns(run);
  if (alive) {
    signal(run.starter, 'SIGTERM');
    await waitFor(() => !starterRuns(run), { timeoutMs: STARTER_STOP_MS, everyMs: LOOK_EVERY_MS });
    if (!readRun(dir)) return true;
  }
  const left = await RunFile.acquire(dir);
  left.release();
  return alive || left.cleanedUp.length > 0;
}

async function stopRecorded(child: RecordedProcess): Promise<void> {
  const ended = (timeoutMs: number) => waitFor(() => !isRunning(child), { timeoutMs, everyMs: LOOK_EVERY_MS });
  signal(child, child.stopSignal);
  if (await ended(LEFTOVER_STOP_MS)) return;
  signal(child, child.killSignal);
  if (await ended(LEFTOVER_KILL_MS)) return;
  throw new Error(`${child.name} (process ${child.pid}) is left from an earlier run and cannot be ended.`);
}

/** @throws when the process is not ours to end; that it has ended meanwhile is what was wanted. */
function signal(child: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The folder's `run.json`: who started, what runs. Holding it is the right to start things in the folder. */
export class RunFile {
  private released = false;

  private constructor(
    readonly dir: string,
    private record: RunRecord,
    /** What an earlier starter left running and this one ended. */
    readonly cleanedUp: readonly string[],
  ) {}

  /** @throws AlreadyRunningError when another starter lives. What a dead one left is ended first. */
  static async acquire(dir: string): Promise<RunFile> {
    privateFolder(dir);
    const starter = identify(process.pid);
    if (!starter) throw new Error('this process cannot find itself in the process list');
    const record: RunRecord = { starter, startedAt: new Date().toISOString(), processes: [] };
    const cleanedUp: string[] = [];
    for (let attempt = 0; attempt < ACQUIRE_ATTEMPTS; attempt++) {
      try {
        writeFileSync(pathOf(dir), JSON.stringify(record), { flag: 'wx', mode: 0o600 });
        return new RunFile(dir, record, cleanedUp);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = readRun(dir);
      if (other && starterRuns(other))
        throw new AlreadyRunningError(dir, other.starter.pid, other.environment?.gateway);
      if (other) cleanedUp.push(...(await stopLeftovers(other)));
      rmSync(pathOf(dir), { force: true });
    }
    throw new Error(`${pathOf(dir)} is fought over by several starters.`);
  }

  add(child: RecordedProcess): void {
    this.write({ ...this.record, processes: [...this.record.processes, child] });
  }

  remove(child: ProcessIdentity): void {
    this.write({ ...this.record, processes: this.record.processes.filter(({ pid }) => pid !== child.pid) });
  }

  publish(environment: RunningEnvironment): void {
    this.write({ ...this.record, environment });
  }

  release(): void {
    this.released = true;
    rmSync(pathOf(this.dir), { force: true });
  }

  /** Written beside and renamed: a reader sees the old or the new, never half. */
  private write(record: RunRecord): void {
    if (this.released) return;
    this.record = record;
    const next = `${pathOf(this.dir)}.next`;
    writeFileSync(next, JSON.stringify(record, null, 2), { mode: 0o600 });
    renameSync(next, pathOf(this.dir));
  }
}
