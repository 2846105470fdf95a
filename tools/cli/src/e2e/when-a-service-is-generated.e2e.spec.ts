import { ROOT, freePort } from '@backstep/infrastructure';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Goal: what the generators write builds, passes its specs and runs: a service, a saga that asks it, a message.
 * Method: a copy of the clone, in which nothing is written by hand. Its own command line starts it, and its saga goes each way.
 */
const SERVICE = 'gift-card';
const SAGA = 'reward-order';
const BUILD_WITHIN_MS = 300_000;
const START_WITHIN_MS = 120_000;
const LEFT_BEHIND = /^(\.git|\.nx|\.backstep.*|\.venv|node_modules)$/;

let clone: string;
let env: NodeJS.ProcessEnv;
let starter: ChildProcess | undefined;

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'backstep-generates-'));
  // What is built is copied with its times, so that only what changes is built again.
  cpSync(ROOT, clone, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => path === ROOT || !LEFT_BEHIND.test(basename(path)),
  });
  linkPackages('.');
  const folders = ['apps', 'libs', 'proof', 'tools'].flatMap((room) =>
    readdirSync(join(ROOT, room)).map((name) => join(room, name)),
  );
  for (const folder of folders) if (existsSync(join(ROOT, folder, 'node_modules'))) linkPackages(folder);
  env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', BACKSTEP_DIR: join(clone, '.backstep') };
  delete env['JEST_WORKER_ID'];
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS']) env[name] = '';
});

afterAll(async () => {
  if (starter && starter.exitCode === null) {
    const ended = once(starter, 'exit');
    starter.kill('SIGINT');
    await ended;
  }
  rmSync(clone, { recursive: true, force: true });
});

/** Packages of others are those of this clone; packages of ours are those of the copy. */
function linkPackages(folder: string): void {
  const from = join(ROOT, folder, 'node_modules');
  const to = join(clone, folder, 'node_modules');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => !['.cache', '.package-lock.json', '@backstep'].includes(one))) {
    symlinkSync(join(from, name), join(to, name));
  }
  if (folder !== '.') return;
  cpSync(join(from, '.package-lock.json'), join(to, '.package-lock.json'));
  mkdirSync(join(to, '@backstep'));
  for (const name of readdirSync(join(from, '@backstep'))) {
    symlinkSync(readlinkSync(join(from, '@backstep', name)), join(to, '@backstep', name));
  }
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A program of the copy, to its end. */
async function run(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const generate = (...args: string[]) => run(join(clone, 'node_modules/nx/dist/bin/nx.js'), 'g', ...args);
const backstep = (...args: string[]) => run(join(clone, 'tools/cli/bin/backstep.mjs'), ...args);

async function start(): Promise<void> {
  const ports = Object.entries(await portSettings());
  env = { ...env, ...Object.fromEntries(ports) };
  const child = (starter = spawn(
    process.execPath,
    [join(clone, 'tools/cli/bin/backstep.mjs'), 'up', '--json', '--no-samples'],
    { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] },
  ));
  let progress = '';
  child.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    let json = '';
    child.once('exit', (code) => reject(new Error(`it ended with exit code ${code}:\n${progress}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      json += chunk.toString();
      if (json.endsWith('}\n')) resolve();
    });
  });
}

/** A free port for each process that a service.json of the copy declares, the generated one included, and for the stores. */
async function portSettings(): Promise<Record<string, string>> {
  const declared = readdirSync(join(clone, 'apps')).filter((name) => name !== 'contracts');
  const names = [...declared, 'kafka', 'postgres'].map((name) => `${name.toUpperCase().replaceAll('-', '_')}_PORT`);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
}

const OK = { code: 0 };

describe('a service, a saga and a message that are generated', () => {
  it('a service, a saga and a message are generated with all that follows from them', async () => {
    expect(await generate('@backstep/tools:service', SERVICE)).toMatchObject(OK);
    expect(await generate('@backstep/tools:saga', SAGA, `--service=${SERVICE}`)).toMatchObject(OK);
    const fields = '--fields=pennies:integer,spent:boolean';
    expect(
      await generate('@backstep/tools:message', 'GiftCardSpent', `--service=${SERVICE}`, '--kind=event', fields),
    ).toMatchObject(OK);
    for (const tool of ['services', 'packages']) expect(await run(`tools/${tool}.mjs`, '--check')).toMatchObject(OK);
    expect(readFileSync(join(clone, 'docker-compose.yml'), 'utf8')).toContain('apps/gift-card/dist/main.js');
    expect(readFileSync(join(clone, 'package-lock.json'), 'utf8')).toContain('"node_modules/@backstep/gift-card"');
  }, 60_000);

  it.each([
    ['a service that is there', ['service', SERVICE], /There is a service gift-card already/],
    ['a name that is none', ['service', 'Gift_Card'], /small letters, digits and dashes/],
    [
      'a saga of a message that is not there',
      ['saga', 'other', `--service=${SERVICE}`, '--done=Foo'],
      /--done: there is no/,
    ],
    [
      'a message of a service that is not there',
      ['message', 'FooBarred', '--service=foo', '--kind=event'],
      /There is no service foo/,
    ],
  ])('a generator writes nothing for %s', async (_, [generator = '', ...args], said) => {
    const { code, output } = await generate(`@backstep/tools:${generator}`, ...args);
    expect(output).toMatch(said);
    expect(code).not.toBe(0);
  });

  it(
    'the generated code passes its specs at once and builds',
    async () => {
      expect(await run('tools/unit.mjs', `apps/${SERVICE}`, `apps/orchestrator/src/${SAGA}`)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/Test Suites: 2 passed/),
      });
      const apps = readdirSync(join(clone, 'apps')).map((name) => `apps/${name}`);
      expect(await run('node_modules/typescript/bin/tsc', '-b', ...apps, 'tools/cli')).toEqual({ code: 0, output: '' });
      expect(await run('tools/docs.mjs')).toMatchObject({
        code: 0,
        output: expect.stringContaining('wrote apps/contracts/schemas/GiftCardSpent.v1.json'),
      });
    },
    BUILD_WITHIN_MS,
  );

  it(
    'the generated saga completes for an order, and compensates for a larger one',
    async () => {
      await start();
      expect(await backstep('order', 'place', '--sku', 'mug-blue:2')).toMatchObject(OK);
      expect(await backstep('order', 'place', '--sku', 'mug-blue:9')).toMatchObject(OK);
      expect(await backstep('doctor')).toMatchObject({ code: 0, output: expect.stringContaining('No violation.') });
      const { output } = await backstep('sagas', '--type', SAGA, '--json');
      const { items } = JSON.parse(output) as { items: { state: string; failure?: { code: string } }[] };
      expect(items.map(({ state, failure }) => [state, failure?.code]).sort()).toEqual([
        ['COMPENSATED', 'gift_card_refused'],
        ['COMPLETED', undefined],
      ]);
    },
    START_WITHIN_MS,
  );
});
