import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
const READ = [
  ...['apps/gateway', 'apps/order', 'apps/inventory', 'apps/payment', 'apps/shipment', 'apps/orchestrator'],
  'apps/payment-provider',
].map((folder) => `${folder}/service.json`);
const COPIED = [
  ...READ,
  ...['apps/contracts/src', 'tools/services.mjs', 'tools/services', 'tools/containers/postgres', 'package.json'],
  ...['docker-compose.yml', 'compose.cluster.yml', 'compose.secure.yml', '.env.example', '.prettierrc.json'],
];
const WRITTEN = ['docker-compose.yml', 'compose.cluster.yml', 'compose.secure.yml', '.env.example'];
const SQL = 'tools/containers/postgres/databases.sql';

let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'backstep-declares-'));
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
});
beforeEach(() => {
  for (const path of COPIED) cpSync(join(ROOT, path), join(clone, path), { recursive: true });
  rmSync(join(clone, 'apps/gift-cards'), { recursive: true, force: true });
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
const GIFT_CARDS = {
  port: 3007,
  database: 'backstep_gift_cards',
  consumes: ['gift-cards.commands', 'order.events'],
  provides: ['gift-cards.events'],
};

describe('a service that declares itself', () => {
  it('is what the committed files say: they follow from the declarations', async () => {
    expect(await services('--check')).toEqual({ code: 0, output: '' });
  });

  it('becomes known to contracts, containers, databases and settings, and to nothing by hand', async () => {
    declare('gift-cards', GIFT_CARDS);
    expect((await services('--check')).output).toContain('docker-compose.yml is not up to date');
    expect((await services()).code).toBe(0);
    expect((await services('--check')).code).toBe(0);

    const contracts = read('apps/contracts/src/services.ts');
    expect(contracts).toContain(
      "SERVICES = ['order', 'inventory', 'payment', 'shipment', 'orchestrator', 'gift-cards']",
    );
    // The orchestrator hears the events of all, and sends commands to all.
    expect(contracts.match(/'gift-cards\.(commands|events)'/g)).toHaveLength(6);
    for (const path of [...WRITTEN, SQL]) expect(read(path)).toMatch(/gift.cards/i);

    const texts = { ...readTexts(), ...Object.fromEntries([...WRITTEN, SQL].map((path) => [path, read(path)])) };
    const repository = parseRepository(texts);
    expect(repository.main.services['gift-cards']).toMatchObject({
      command: ['apps/gift-cards/dist/main.js'],
      environment: { PORT: '3007' },
      waitsFor: { postgres: 'service_healthy', topics: 'service_completed_successfully' },
    });
    expect(repository.main.services['gateway']?.environment['GIFT_CARDS_URL']).toBe('http://gift-cards:3007');
    expect(usersAreTheirOwn(repository)).toEqual([]);
    // The topology of this process does not know the new service; nothing else is wrong.
    expect(databasesAgree(repository).filter((problem) => !problem.includes('gift_cards'))).toEqual([]);
  });

  it.each([
    ['the port of another', { ...GIFT_CARDS, port: 3004 }, /port: 3004 is in apps\/.*; 3007 is free/],
    ['no port', { ...GIFT_CARDS, port: 'http' }, 'port must be a port, not "http"'],
    ['the database of another', { ...GIFT_CARDS, database: 'backstep_order' }, /database: backstep_order is in .* too/],
    ['a wrong name', { ...GIFT_CARDS, name: 'vouchers' }, 'name must be that of its folder, gift-cards'],
    ['a field that is none', { ...GIFT_CARDS, ports: 1 }, 'there is no field ports; there are name, port'],
    [
      'a topic that nobody has',
      { ...GIFT_CARDS, consumes: ['inventry.events'] },
      'consumes: nobody provides inventry.events; there are order.commands',
    ],
    [
      "another service's events to write",
      { ...GIFT_CARDS, provides: ['order.events'] },
      "provides: order.events is another's to write; write gift-cards.events",
    ],
    [
      'commands to another',
      { ...GIFT_CARDS, consumes: ['order.commands'] },
      'consumes: order.commands are commands to another; write gift-cards.commands',
    ],
    ['topics and no database', { port: 3007, provides: ['gift-cards.events'] }, 'add database, or take out its topics'],
  ])('is refused with %s', async (_, declaration, sentence) => {
    declare('gift-cards', declaration);
    const { code, output } = await services();
    expect(output).toMatch(sentence);
    expect(output).toContain('apps/gift-cards/service.json');
    expect(code).toBe(1);
  });

  it('is refused when its file is no JSON, and says which file', async () => {
    declare('gift-cards', GIFT_CARDS);
    writeFileSync(join(clone, 'apps/gift-cards/service.json'), '{');
    expect((await services()).output).toContain('apps/gift-cards/service.json: Expected');
  });

  it('is not written where somebody took out the lines that say where', async () => {
    writeFileSync(join(clone, 'compose.cluster.yml'), read('compose.cluster.yml').replace('# end of services', ''));
    expect((await services()).output).toMatch(/compose\.cluster\.yml: put back the lines .*service\.json: services/);
  });
});

describe('the stand-in for Stripe', () => {
  it('listens by default where it declares to, without knowing the contracts of the shop', () => {
    const { port } = JSON.parse(read('apps/payment-provider/service.json')) as { port: number };
    expect(readFileSync(join(ROOT, 'apps/payment-provider/src/main.ts'), 'utf8')).toContain(`defaultPort: ${port},`);
  });
});
