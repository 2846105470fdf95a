import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, PORT_NAMES, portSettingOf, readRun, type RunningEnvironment } from '@backstep/infrastructure';
import { waitUntil } from '@backstep/testing';
import { copyOfClone } from './clone.fixture.spec.js';

/**
 * Goal: under `npm run dev` a change of a source reaches the services whose code it is, and nothing else: they are built, started again
 * and answer; the others, PostgreSQL and Kafka stay as they are. A change that does not compile reaches nobody.
 * Method: the command itself in a copy of this clone, whose sources are changed. No type that is exported changes: whoever imports the package
 * is then not compiled anew, and starts again for its code alone.
 */
const START_WITHIN_MS = 180_000;
const RESTART_WITHIN_MS = 90_000;
const clone = copyOfClone();
const dir = join(clone.dir, '.backstep');
let dev: ChildProcess;
let output = '';

type Pids = RunningEnvironment['processes'];
const pids = (): Pids => readRun(dir)?.environment?.processes ?? {};
const logOf = (service: string): string => readFileSync(join(dir, 'logs', `${service}.log`), 'utf8');
const sourceOf = (path: string): string => join(clone.dir, path);
/** Names of what does not run as the process that it was. */
const startedAgain = (before: Pids): string[] =>
  Object.keys(before).filter((name) => pids()[name]?.join() !== before[name]?.join());

beforeAll(async () => {
  const ports = await Promise.all(PORT_NAMES.map(async (name) => [portSettingOf(name), String(await freePort())]));
  const env = { ...process.env, NODE_OPTIONS: '', ...Object.fromEntries(ports), BACKSTEP_DIR: dir };
  dev = spawn(process.execPath, [join(clone.dir, 'tools/cli/bin/backstep.mjs'), 'up', '--watch', '--no-samples'], {
    env: { ...env, DATABASE_URL: '', KAFKA_BROKERS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitUntil('the start', () => output.includes('Ctrl-C stops it all') || dev.exitCode !== null, START_WITHIN_MS);
  expect({ exitCode: dev.exitCode, output }).toMatchObject({ exitCode: null });
}, START_WITHIN_MS);

afterAll(async () => {
  if (dev.exitCode === null) {
    const exited = once(dev, 'exit');
    dev.kill('SIGINT');
    await exited;
  }
  clone.remove();
});

async function ready(service: string): Promise<boolean> {
  const url = readRun(dir)?.environment?.services[service];
  const response = await fetch(`${url}/health/ready`);
  return response.ok;
}

describe('when a source changes', () => {
  it(
    'the service of a changed source restarts and answers, and all others stay up',
    async () => {
      const before = pids();
      expect(Object.keys(before)).toHaveLength(9);
      appendFileSync(sourceOf('apps/shipment/src/main.ts'), "\nconsole.log('shipment was changed');\n");
      await waitUntil('another shipment', () => startedAgain(before).includes('shipment'), RESTART_WITHIN_MS);
      expect(startedAgain(before)).toEqual(['shipment']);
      await waitUntil('shipment is ready', () => ready('shipment'), RESTART_WITHIN_MS);
      expect(logOf('shipment')).toContain('shipment was changed');
    },
    RESTART_WITHIN_MS,
  );

  it(
    'a source that does not compile restarts nothing, and once repaired restarts the services that import it',
    async () => {
      const before = pids();
      const path = sourceOf('libs/messaging/src/index.ts');
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, `${source}\nconsole.log('wrong' - 1);\n`);
      await waitUntil('the error', () => output.includes('1 error: nothing is restarted'), RESTART_WITHIN_MS);
      expect(output).toMatch(/libs\/messaging\/src\/index\.ts.*TS2362/);
      expect(startedAgain(before)).toEqual([]);

      writeFileSync(path, `${source}\nconsole.log('messaging was changed');\n`);
      const messaging = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'];
      await waitUntil('others', () => startedAgain(before).length >= messaging.length, RESTART_WITHIN_MS);
      expect(startedAgain(before).sort()).toEqual(messaging.sort());
      for (const service of messaging) {
        await waitUntil(`${service} is ready`, () => ready(service), RESTART_WITHIN_MS);
        expect(logOf(service)).toContain('messaging was changed');
      }
    },
    2 * RESTART_WITHIN_MS,
  );
});
