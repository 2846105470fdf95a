import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, HOST, identify, TOLD_BY } from '@backstep/infrastructure';
import { UnreachableError, UsageError } from './exit-codes.js';
import { gatewayOf, OnlyGatewayError, whatRuns, whatRunsBehind, type Surroundings } from './where.js';

/**
 * Goal: one command, wherever the system runs: it finds it in the order settings, `npm start`, containers, and else says what to do.
 * Method: a folder of its own, a run file as a starter leaves it, an HTTP server in place of the published gateway.
 */
let dir: string;
let gateway: Server;
let port: number;
/** What the gateway says it belongs to. */
let instance: string | undefined;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-where-'));
  instance = 'compose';
  gateway = createServer((request, response) =>
    response
      .writeHead(request.url === '/health/live' ? 200 : 404)
      .end(JSON.stringify({ status: 'ok', ...(instance && { instance }) })),
  );
  await new Promise<void>((resolve) => gateway.listen(0, HOST, resolve));
  ({ port } = gateway.address() as AddressInfo);
});

afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await new Promise((resolve) => gateway.close(resolve));
});

const look = (settings: Surroundings['settings']): Surroundings => ({
  settings,
  runDir: dir,
  envFile: join(dir, '.env'),
});
const published = () => ({ GATEWAY_PORT: String(port) });
const TOLD = Object.fromEntries(TOLD_BY.map((name) => [name, `told-by-${name}`]));

const leaveRunFile = (began: string, environment?: object): void => {
  const run = { starter: { pid: process.pid, began }, startedAt: '', processes: [], environment };
  writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
};
/** This very process is the starter: it lives. */
const started = (environment?: object): void => leaveRunFile(identify(process.pid)?.began ?? '', environment);
/** A starter that ended without a word, and whose pid belongs to somebody else now. */
const died = (): void => leaveRunFile('another day', {});

describe('when the system is looked for', () => {
  it('settings that describe the whole system come first', async () => {
    started({ gateway: 'of the starter' });
    const found = await whatRuns(look({ ...TOLD, ...published() }));
    expect(found).toMatchObject({
      gateway: TOLD['BACKSTEP_GATEWAY'],
      databases: { order: TOLD['ORDER_DATABASE_URL'] },
    });
  });

  it('settings that describe a part of the system are an error of their own', async () => {
    const settings = { ...TOLD, PAYMENT_DATABASE_URL: undefined, ...published() };
    await expect(whatRuns(look(settings))).rejects.toThrow(UsageError);
    await expect(whatRuns(look(settings))).rejects.toThrow(/set PAYMENT_DATABASE_URL too/);
  });

  it('a command that needs the API only does not need the other settings', async () => {
    const settings = { ...TOLD, PAYMENT_DATABASE_URL: undefined, ...published() };
    expect(await gatewayOf({ gateway: 'http://gateway:3000/' }, look(settings))).toBe('http://gateway:3000');
    expect(await gatewayOf({}, look(settings))).toBe(`http://${HOST}:${port}`);
  });

  it('a running starter comes before containers', async () => {
    started({ gateway: 'http://127.0.0.1:1' });
    expect(await gatewayOf({}, look(published()))).toBe('http://127.0.0.1:1');
  });

  it('a starter that is not ready yet is an error that says to wait', async () => {
    started();
    await expect(whatRuns(look(published()))).rejects.toThrow(/still starting/);
  });

  it('containers are found when their gateway answers, whatever a dead starter has left', async () => {
    died();
    const found = await whatRuns(look(published()));
    expect(found).toMatchObject({
      gateway: `http://${HOST}:${port}`,
      kafka: { brokers: [`${HOST}:9092`] },
      services: {},
    });
    expect(found.topics).toContain('order.events');
  });

  it('containers have the settings of .env, and those of the shell before them', async () => {
    writeFileSync(join(dir, '.env'), `GATEWAY_PORT=${port}\nKAFKA_PORT=19092\n# none\nORDER_DB_PASSWORD='sesame'\n`);
    const { kafka, databases } = await whatRuns(look({ KAFKA_PORT: '29092' }));
    expect(kafka.brokers).toEqual([`${HOST}:29092`]);
    expect(databases['order']).toBe('postgres://backstep_order:sesame@127.0.0.1:54320/backstep_order');
  });

  it('no system is found when nothing answers', async () => {
    const nobody = look({ GATEWAY_PORT: String(await freePort()) });
    await expect(whatRuns(nobody)).rejects.toThrow(UnreachableError);
    await expect(gatewayOf({}, nobody)).rejects.toThrow(/start it with `npm start` or `docker compose up`/);
  });

  it.each([['another clone'], [undefined]])('a gateway that belongs to %s is not taken for ours', async (other) => {
    instance = other;
    for (const find of [() => whatRuns(look(published())), () => gatewayOf({}, look(published()))]) {
      await expect(find()).rejects.toThrow(UnreachableError);
      await expect(find()).rejects.toThrow(
        `Something answers on http://${HOST}:${port}; it was not started from this clone. Name it with \`--gateway http://${HOST}:${port}\``,
      );
    }
    const named = `http://${HOST}:${port}`;
    expect(await gatewayOf({ gateway: named }, look(published()))).toBe(named);
  });

  it('what a killed starter of this clone has left running is still this clone’s', async () => {
    leaveRunFile('another day', { gateway: `http://${HOST}:${port}`, left: true });
    writeFileSync(join(dir, 'instance'), 'mine\n');
    instance = 'mine';
    expect(await whatRuns(look({ GATEWAY_PORT: String(await freePort()) }))).toMatchObject({ left: true });
    instance = 'another clone';
    await expect(whatRuns(look(published()))).rejects.toThrow(/not started from this clone/);
  });

  it('a named gateway has the local system behind it only if it is that system’s own', async () => {
    const named = { gateway: 'http://gateway:3000/' };
    const told = look({ ...TOLD, BACKSTEP_GATEWAY: 'http://gateway:3000', ...published() });
    expect(await whatRunsBehind(named, told)).toMatchObject({ databases: { order: TOLD['ORDER_DATABASE_URL'] } });
    started({ gateway: 'http://127.0.0.1:1', own: true });
    expect(await whatRunsBehind({ gateway: 'http://127.0.0.1:1' }, look({}))).toMatchObject({ own: true });
    expect(await whatRunsBehind({}, look({}))).toMatchObject({ own: true });
    await expect(whatRunsBehind(named, look({}))).rejects.toThrow(OnlyGatewayError);
    died();
    const nobody = look({ GATEWAY_PORT: String(await freePort()) });
    await expect(whatRunsBehind(named, nobody)).rejects.toThrow(OnlyGatewayError);
  });

  it('a setting that is no port is named, without a word on the system', async () => {
    await expect(whatRuns(look({ GATEWAY_PORT: 'gateway' }))).rejects.toThrow(UsageError);
  });

  it('a gateway must be a URL', async () => {
    await expect(gatewayOf({ gateway: 'localhost:3000' }, look({}))).rejects.toThrow(UsageError);
  });
});
