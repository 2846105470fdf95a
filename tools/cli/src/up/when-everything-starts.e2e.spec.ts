import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutSecrets } from '../env/without-secrets.js';
import { whatTheDocumentsSay } from '../e2e/what-the-documents-say.chapter.spec.js';
import {
  DATABASES,
  freePort,
  PORT_NAMES,
  portSettingOf,
  ROOT,
  type RunningEnvironment,
} from '@backstep/infrastructure';

/**
 * Goal: `backstep up` brings everything up, shows each kind of ending, keeps its data, and leaves nothing behind.
 * Method: the command itself, on a folder and ports of its own, stopped as Ctrl-C stops it.
 */
const START_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 5_000;

let dir: string;
let env: NodeJS.ProcessEnv;
let starter: ChildProcess | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-up-'));
  const ports = await Promise.all(PORT_NAMES.map(async (name) => [portSettingOf(name), String(await freePort())]));
  env = {
    ...process.env,
    NODE_OPTIONS: '',
    ...Object.fromEntries(ports),
    BACKSTEP_DIR: dir,
    DATABASE_URL: '',
    KAFKA_BROKERS: '',
  };
});

afterAll(async () => {
  if (starter?.exitCode === null) await stop(starter);
  rmSync(dir, { recursive: true, force: true });
});

const backstepIn = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  spawn(process.execPath, [join(ROOT, 'tools/cli/bin/backstep.mjs'), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const backstep = (...args: string[]) => backstepIn(env, ...args);

/** A command that ends by itself. */
async function ended(child: ChildProcessByStdio<null, Readable, Readable>) {
  const exited = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exited) as [number | null];
  return { code, stdout, stderr };
}

/** Starts it and waits for the JSON that says everything is ready. @throws with its progress when it ends first. */
async function start(...args: string[]): Promise<{ environment: RunningEnvironment; progress: string }> {
  const child = (starter = backstep('up', '--json', ...args));
  let json = '';
  let progress = '';
  child.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with exit code ${code}:\n${progress}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      json += chunk.toString();
      if (json.endsWith('}\n')) resolve({ environment: JSON.parse(json) as RunningEnvironment, progress });
    });
  });
}

const runningEnvironment = async (): Promise<RunningEnvironment> =>
  JSON.parse(await text(backstep('env', '--json', '--secrets').stdout)) as RunningEnvironment;

async function stop(child: ChildProcess): Promise<number> {
  const since = Date.now();
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
  starter = undefined;
  return Date.now() - since;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What is in the folder, itself included, that its group or others may read, write or enter. */
function openToOthers(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...below].filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
}

const orders = async (gateway: string): Promise<{ status: string }[]> => {
  const response = await fetch(`${gateway}/v1/orders`);
  return ((await response.json()) as { items: { status: string }[] }).items;
};

describe('when everything starts', () => {
  it(
    'each sample order ends as it should, a second start is refused, and Ctrl-C ends it all',
    async () => {
      const { environment, progress } = await start();
      for (const ending of [
        /an ordinary order .*CONFIRMED/,
        /more than there is in stock .*REJECTED .*out_of_stock/,
        /the card is declined .*REJECTED .*payment_declined/,
        /the carrier refuses, after the charge .*REJECTED .*shipment_refused/,
        /the provider's answer is lost .*CONFIRMED/,
      ]) {
        expect(progress).toMatch(ending);
      }

      const withSecrets = await runningEnvironment();
      expect(withoutSecrets(withSecrets)).toEqual(environment);
      const passwords = Object.values(withSecrets.databases).map((url) => new URL(url).password);
      const shown = JSON.stringify(environment) + (await text(backstep('env').stdout));
      for (const password of passwords) expect(shown).not.toContain(password);
      expect(openToOthers(dir)).toEqual([]);

      expect(Object.keys(environment.services)).toEqual(['order', 'inventory', 'payment', 'shipment', 'orchestrator']);
      const pids = Object.values(environment.processes).flat();
      expect(pids).toHaveLength(9);

      const second = backstep('up');
      const refusal = await text(second.stderr);
      expect(refusal).toMatch(`already running from ${dir}`);
      expect(refusal).toMatch(environment.gateway);

      // Another clone has the same ports and a folder of its own.
      const elsewhere = { ...env, BACKSTEP_DIR: join(dir, 'another-clone') };
      expect(await ended(backstepIn(elsewhere, 'orders'))).toEqual({
        code: 3,
        stdout: '',
        stderr: expect.stringContaining(
          `Something answers on ${environment.gateway}; it was not started from this clone.`,
        ),
      });
      expect(await ended(backstepIn(elsewhere, 'orders', '--gateway', environment.gateway))).toMatchObject({ code: 0 });
      const inTheWay = await ended(backstepIn(elsewhere, 'up'));
      expect(inTheWay).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Ports .* are taken, .*\n$/) });

      if (!starter) throw new Error('the first start is gone');
      expect(await stop(starter)).toBeLessThan(STOP_WITHIN_MS);
      expect(pids.filter(alive)).toEqual([]);
    },
    START_WITHIN_MS,
  );

  it(
    'the orders of the last run are still there',
    async () => {
      const { environment } = await start('--no-samples');
      const statuses = (await orders(environment.gateway)).map(({ status }) => status).sort();
      expect(statuses).toEqual(['CONFIRMED', 'CONFIRMED', 'REJECTED', 'REJECTED', 'REJECTED']);
    },
    START_WITHIN_MS,
  );

  it('the demo can be played again, and existing topics stay as they are', async () => {
    const again = await ended(backstep('demo', '--json'));
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('sample orders') });
    const { asTheyMust, outcomes } = JSON.parse(again.stdout) as { asTheyMust: boolean; outcomes: unknown[] };
    expect({ asTheyMust, outcomes: outcomes.length }).toEqual({ asTheyMust: true, outcomes: 5 });

    expect(await ended(backstep('topics'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ topics are there, on .*\n$/),
    });
    const nobody = `127.0.0.1:${await freePort()}`;
    expect(await ended(backstep('topics', '--brokers', nobody, '--within', '1'))).toEqual({
      code: 3,
      stdout: '',
      stderr: `Kafka at ${nobody} is not ready after 1 s.\n`,
    });
  });

  it('a command without a run file uses its settings, as in a container', async () => {
    const { gateway, provider, kafka, databases } = await runningEnvironment();
    const told = {
      ...env,
      BACKSTEP_DIR: join(dir, 'elsewhere'),
      BACKSTEP_GATEWAY: gateway,
      PROVIDER_URL: provider,
      KAFKA_BROKERS: kafka.brokers.join(','),
      ...Object.fromEntries(DATABASES.map(({ process, urlSetting }) => [urlSetting, databases[process]])),
    };
    const found = await ended(backstepIn(told, 'doctor'));
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('No violation.') });
  });

  whatTheDocumentsSay(() => dir, runningEnvironment);
});
