import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Children } from './children.js';
import { AlreadyRunningError, ProcessEndedError } from './errors.js';
import { identify, isRunning } from './process-identity.js';
import type { Report } from './report.js';
import { readRun, RunFile, stopRun } from './run-file.js';
import { Supervisor, type Program } from './supervisor.js';
import { waitFor } from './wait.js';

/**
 * Goal: what is started is known, ends in a bounded time, comes back when it dies, and never outlives the folder's next starter.
 * Method: real processes, as small as they get: a Node that writes a line and waits.
 */
const WAIT = { timeoutMs: 10_000, everyMs: 10 };
const STUBBORN = `process.on('SIGTERM', () => undefined);`;

let dir: string;
let run: RunFile;
let children: Children;
let notes: string[];
let supervisor: Supervisor;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-supervisor-'));
  run = await RunFile.acquire(dir);
  children = new Children(run);
  notes = [];
  const report: Report = { step: (_, work) => work(), note: (line) => notes.push(line) };
  const restart = { baseMs: 1, capMs: 1, deaths: 3, windowMs: 60_000 };
  supervisor = new Supervisor(children, { report, restart });
});

afterEach(async () => {
  await supervisor.stop();
  run.release();
  rmSync(dir, { recursive: true });
});

/** Runs `code`, says so, and stays. Ready when its line is in the log. */
const program = (name: string, code = ''): Program => ({
  spec: {
    name,
    command: process.execPath,
    args: ['-e', `${code}; console.log('at your service'); setInterval(() => undefined, 1e6)`],
    env: process.env,
    stopWithinMs: 300,
  },
  ready: (child) =>
    child.ready(async () => child.lastLines().includes('at your service'), WAIT.timeoutMs, WAIT.everyMs),
});

describe('a program that is started', () => {
  it('a started program is recorded with its pid, until it has ended', async () => {
    const child = await supervisor.start(program('order'));
    expect(readRun(dir)?.processes).toMatchObject([{ name: 'order', pid: child.pid, stopSignal: 'SIGTERM' }]);
    await child.stop();
    expect(readRun(dir)?.processes).toEqual([]);
  });

  it('a program that does not end in time is killed', async () => {
    const child = await supervisor.start(program('order', STUBBORN));
    await child.stop();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL', expected: true });
  });

  it('a program that dies before it is ready fails with the end of its log', async () => {
    const start = supervisor.start(program('order', `console.error('DATABASE_URL is missing'); process.exit(7)`));
    await expect(start).rejects.toThrow(ProcessEndedError);
    await expect(start).rejects.toThrow(/order ended with exit code 7[^]*DATABASE_URL is missing/);
  });
});

describe('programs that start together', () => {
  const never: Program = {
    ...program('kafka'),
    ready: (child) => child.ready(async () => false, WAIT.timeoutMs, WAIT.everyMs),
  };
  /** As a broker that cannot bind its port. */
  const frames = `'\\tat kafka.network.Acceptor.start(SocketServer.scala:530) ~[kafka.jar:?]\\n'.repeat(40)`;
  const dying = program('kafka-3', `console.error('Address already in use\\n' + ${frames}); process.exit(1)`);

  it('are all ended at once when one of them ends, and begin again; each time its log is told', async () => {
    const began = performance.now();
    const start = supervisor.startTogether(async () => [never, dying]);
    await expect(start).rejects.toThrow(/^kafka-3 ended with exit code 1[^]*Address already in use/);
    expect(performance.now() - began).toBeLessThan(WAIT.timeoutMs);
    expect(children.all()).toEqual([]);
    expect(notes).toHaveLength(2);
    for (const note of notes) expect(note).toMatch(/^✗ kafka-3 ended with exit code 1[^]*Address already in use/);
  });

  it('run when they are ready at a later attempt, made anew for it', async () => {
    const attempts = [
      [never, dying],
      [program('kafka'), program('kafka-3')],
    ];
    await supervisor.startTogether(async () => attempts.shift() ?? []);
    expect(children.all().map(({ name }) => name)).toEqual(['kafka', 'kafka-3']);
    expect(attempts).toEqual([]);
  });

  it('do not begin again when one of them is not ready in time', async () => {
    const late: Program = { ...program('kafka-3'), ready: (child) => child.ready(async () => false, 50, 10) };
    await expect(supervisor.startTogether(async () => [never, late])).rejects.toThrow('kafka-3 was not ready');
    expect(children.all()).toEqual([]);
    expect(notes).toEqual([]);
  });
});

describe('a program that dies', () => {
  it('a program that dies is reported with the end of its log, and started again', async () => {
    const { pid } = await supervisor.start(program('order'));
    await supervisor.kill('order', 'SIGKILL');
    const again = await waitFor(() => notes.includes('✓ order is back') && children.get('order'), WAIT);
    expect(again && again.pid).not.toBe(pid);
    expect(notes.join('\n')).toMatch(/order was ended by SIGKILL[^]*at your service/);
  });

  it('a program that dies too often stays down', async () => {
    const flag = join(dir, 'broken');
    await supervisor.start(program('order', `if (require('fs').existsSync(${JSON.stringify(flag)})) process.exit(1)`));
    writeFileSync(flag, '');
    await supervisor.kill('order', 'SIGKILL');
    expect(await waitFor(() => notes.some((line) => line.includes('died 3 times')), WAIT)).toBe(true);
    expect(children.get('order')).toBeUndefined();
  });

  it('a program that dies while everything stops is not started again', async () => {
    await supervisor.start(program('order'));
    await supervisor.stop();
    expect(children.all()).toEqual([]);
    expect(notes).toEqual([]);
  });
});

describe('the run file', () => {
  it('the run file admits one starter at a time', async () => {
    await expect(RunFile.acquire(dir)).rejects.toThrow(AlreadyRunningError);
  });

  it('the run file lets the next starter end what a killed one left, and nothing else', async () => {
    const left = await supervisor.start(program('inventory', STUBBORN));
    const stranger = identify(process.pid);
    if (!stranger) throw new Error('no identity of our own');
    // As `kill -9` leaves it: the starter's pid now is another process, and so is one of the recorded ones.
    const path = join(dir, 'run.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as { processes: object[] };
    const reused = { ...stranger, began: 'another day', name: 'order', stopSignal: 'SIGTERM', killSignal: 'SIGKILL' };
    const dead = {
      ...record,
      starter: { ...stranger, began: 'another day' },
      processes: [...record.processes, reused],
    };
    writeFileSync(path, JSON.stringify(dead));

    const next = await RunFile.acquire(dir);

    expect(next.cleanedUp).toEqual(['inventory']);
    expect(isRunning({ pid: left.pid, began: left.identity.began })).toBe(false);
    next.release();
  });

  it('the run file is deleted when nothing runs', async () => {
    run.release();
    expect(readRun(dir)).toBeUndefined();
    expect(await stopRun(dir)).toBe(false);
  });
});
