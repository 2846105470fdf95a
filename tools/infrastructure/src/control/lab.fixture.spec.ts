import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach } from '@jest/globals';
import { controlAddressOf, type Fault } from '@backstep/contracts/http';
import { Children } from '../children.js';
import { silent } from '../report.js';
import { RunFile } from '../run-file.js';
import { Supervisor, type Program } from '../supervisor.js';
import { waitFor } from '../wait.js';
import { ControlServer } from './control-server.js';
import { Faults } from './faults.js';
import { faultFoldersOf } from './folders.js';

/** A supervisor of small real processes, which starts again what dies, and its control socket. */
export const WAIT = { timeoutMs: 20_000, everyMs: 10 };

export let dir: string;
export let supervisor: Supervisor;
export let faults: Faults;
export let control: ControlServer;
let run: RunFile;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

export function openLab(examine: () => Promise<unknown> = () => Promise.resolve({})): void {
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'backstep-lab-'));
    run = await RunFile.acquire(dir);
    // A second death within the window would leave it down, if it counted.
    const restart = { baseMs: 1, capMs: 1, deaths: 2, windowMs: 60_000 };
    supervisor = new Supervisor(new Children(run), { report: silent, restart });
    faults = new Faults(supervisor, faultFoldersOf(dir), silent);
    control = await ControlServer.open({ dir, faults, examine, report: silent });
  });
  afterEach(async () => {
    control.close();
    await supervisor.stop();
    run.release();
    rmSync(dir, { recursive: true });
  });
}

/** Runs, says so, and stays. */
export const program = (name: string): Program => ({
  spec: {
    name,
    command: process.execPath,
    args: ['-e', `console.log('at your service'); setInterval(() => undefined, 1e6)`],
    env: process.env,
    stopWithinMs: 300,
  },
  ready: (child) =>
    child.ready(async () => child.lastLines().includes('at your service'), WAIT.timeoutMs, WAIT.everyMs),
});

interface Asked {
  readonly secret?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** Asks as the gateway does. */
export async function ask(method: string, path: string, { secret, body, headers }: Asked = {}): Promise<Answer> {
  const told = controlAddressOf(control.told);
  if (!told) throw new Error('the control socket has no address');
  const asked = request({
    ...('port' in told.at ? { host: '127.0.0.1', port: told.at.port } : { socketPath: told.at.socketPath }),
    method,
    path,
    headers: { authorization: `Bearer ${secret ?? told.secret}`, ...headers },
  });
  const answered = new Promise<Answer>((resolve, reject) => {
    asked.once('error', reject);
    asked.once('response', (response) => {
      const { statusCode: status = 0, headers: given } = response;
      text(response).then(
        (content) =>
          resolve({ status, type: given['content-type'] ?? '', body: JSON.parse(content) as Answer['body'] }),
        reject,
      );
    });
  });
  asked.end(body);
  return answered;
}

export const make = (fault: object): Promise<Answer> => ask('POST', '/faults', { body: JSON.stringify(fault) });

export const listed = async (): Promise<readonly Fault[]> =>
  (await ask('GET', '/faults')).body['items'] as readonly Fault[];

export const pidOf = (name: string): number => {
  const pid = supervisor.processes().find((one) => one.name === name)?.child?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
};

/** Whether the system has stopped it: SIGSTOP was delivered, and SIGCONT was not. */
export function standsStill(pid: number): boolean {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

/** @throws when it does not come to be */
export async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await waitFor(look, WAIT))) throw new Error(`it was not so within ${WAIT.timeoutMs} ms: ${String(look)}`);
}
