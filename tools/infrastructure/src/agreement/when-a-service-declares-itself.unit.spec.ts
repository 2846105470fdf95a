import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from '../topology.js';
import { databasesAgree } from './stores.fixture.spec.js';
import { parseRepository, readTexts } from './repository.fixture.spec.js';
import { usersAreTheirOwn } from './secure.fixture.spec.js';

/**
 * Goal: what a service declares in its folder is enough for the rest of the repository to know it, and a wrong declaration is refused
 * with a sentence that says what to write.
 * Method: the tool runs on a copy of what it reads and writes, with one more service or one mistake in it.
 */
const READ = readdirSync(join(ROOT, 'apps'))
  .map((folder) => `apps/${folder}/service.json`)
  .filter((path) => existsSync(join(ROOT, path)));
const OVERLAYS = ['cluster', 'express', 'secure', 'together'];
const COMPOSE_FILES = ['docker-compose.yml', ...OVERLAYS.map((name) => `compose.${name}.yml`)];
const COPIED = [
  ...READ,
  ...[
    'apps/contracts/src',
    'apps/host/src',
    'tools/services.mjs',
    'tools/services',
    'tools/containers/postgres',
    'package.json',
  ],
  ...COMPOSE_FILES,
  ...['.env.example', '.prettierrc.json'],
];
const WRITTEN = [...COMPOSE_FILES, '.env.example'];
const SQL = 'tools/containers/postgres/databases.sql';

let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'backstep-declares-'));
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
});
beforeEach(() => {
  for (const path of COPIED) cpSync(join(ROOT, path), join(clone, path), { recursive: true });
  rmSync(join(clone, 'apps/flower-pots'), { recursive: true, force: true });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const services = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const child = execFile(process.execPath, [join(clone, 'tools/services.mjs'), ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });

const declare = (name: string, declaration: Record<string, unknown>): void => {
  cpSync(join(clone, 'apps/shipment'), join(clone, 'apps', name), { recursive: true });
  writeFileSync(join(clone, `apps/${name}/service.json`), JSON.stringify({ name, ...declaration }));
};
const read = (path: string): string => readFileSync(join(clone, path), 'utf8');
const FLOWER_POTS = {
  port: 3999,
  database: 'backstep_flower_pots',
  consumes: ['flower-pots.commands', 'order.events'],
  provides: ['flower-pots.events'],
};

describe('a service that declares itself', () => {
  it('the committed files follow from the declarations of services', async () => {
    expect(await services('--check')).toEqual({ code: 0, output: '' });
  });

  it('a declared service becomes known to contracts, containers, databases and settings without edits by hand', async () => {
    declare('flower-pots', FLOWER_POTS);
    expect((await services('--check')).output).toContain('docker-compose.yml is not up to date');
    expect((await services()).code).toBe(0);
    expect((await services('--check')).code).toBe(0);

    const contracts = read('apps/contracts/src/services.ts');
    expect(contracts).toMatch(/SERVICES = \[[^\]]*'flower-pots',?\s*\] as const/);
    // The orchestrator hears the events of all, and sends commands to all.
    expect(contracts.match(/'flower-pots\.(commands|events)'/g)).toHaveLength(6);
    expect(read('apps/host/src/services.ts')).toContain("import('@backstep/flower-pots/service')");
    for (const path of [...WRITTEN, SQL]) expect(read(path)).toMatch(/flower.pots/i);

    const texts = { ...readTexts(), ...Object.fromEntries([...WRITTEN, SQL].map((path) => [path, read(path)])) };
    const repository = parseRepository(texts);
    expect(repository.main.services['flower-pots']).toMatchObject({
      command: ['apps/flower-pots/dist/main.js'],
      environment: { PORT: '3999' },
      waitsFor: { postgres: 'service_healthy', topics: 'service_completed_successfully' },
    });
    expect(repository.main.services['gateway']?.environment['FLOWER_POTS_URL']).toBe('http://flower-pots:3999');
    expect(usersAreTheirOwn(repository)).toEqual([]);
    // The topology of this process does not know the new service; nothing else is wrong.
    expect(databasesAgree(repository).filter((problem) => !problem.includes('flower_pots'))).toEqual([]);
  });

  it.each([
    ['the port of another', { ...FLOWER_POTS, port: 3004 }, /port: 3004 is in apps\/.*; \d+ is free/],
    ['no port', { ...FLOWER_POTS, port: 'http' }, 'port must be a port, not "http"'],
    [
      'the database of another',
      { ...FLOWER_POTS, database: 'backstep_order' },
      /database: backstep_order is in .* too/,
    ],
    ['a wrong name', { ...FLOWER_POTS, name: 'vouchers' }, 'name must be that of its folder, flower-pots'],
    ['a field that is none', { ...FLOWER_POTS, ports: 1 }, 'there is no field ports; there are name, port'],
    [
      'a topic that nobody has',
      { ...FLOWER_POTS, consumes: ['inventry.events'] },
      'consumes: nobody provides inventry.events; there are order.commands',
    ],
    [
      "another service's events to write",
      { ...FLOWER_POTS, provides: ['order.events'] },
      "provides: order.events is another's to write; write flower-pots.events",
    ],
    [
      'commands to another',
      { ...FLOWER_POTS, consumes: ['order.commands'] },
      'consumes: order.commands are commands to another; write flower-pots.commands',
    ],
    [
      'topics and no database',
      { port: 3999, provides: ['flower-pots.events'] },
      'add database, or take out its topics',
    ],
  ])('a declaration is refused with %s', async (_, declaration, sentence) => {
    declare('flower-pots', declaration);
    const { code, output } = await services();
    expect(output).toMatch(sentence);
    expect(output).toContain('apps/flower-pots/service.json');
    expect(code).toBe(1);
  });

  it('a declaration that is no JSON is refused by the name of its file', async () => {
    declare('flower-pots', FLOWER_POTS);
    writeFileSync(join(clone, 'apps/flower-pots/service.json'), '{');
    expect((await services()).output).toContain('apps/flower-pots/service.json: Expected');
  });

  it('a file without the marks of the generated lines is refused', async () => {
    writeFileSync(join(clone, 'compose.cluster.yml'), read('compose.cluster.yml').replace('# end of services', ''));
    expect((await services()).output).toMatch(/compose\.cluster\.yml: put back the lines .*service\.json: services/);
  });
});

describe('the stand-in for Stripe', () => {
  it('the stand-in for Stripe listens where it declares to, without the shop’s contracts', () => {
    const { port } = JSON.parse(read('apps/payment-provider/service.json')) as { port: number };
    expect(readFileSync(join(ROOT, 'apps/payment-provider/src/main.ts'), 'utf8')).toContain(`defaultPort: ${port},`);
  });
});
