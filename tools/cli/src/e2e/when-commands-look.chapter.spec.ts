import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOST } from '@backstep/infrastructure';
import { LABS } from '@backstep/labs/catalogue';
import { waitUntil } from '@backstep/testing';
import { EXIT } from '../shared/exit-codes.js';
import { system } from './shared-system.fixture.spec.js';
import { BIN } from './test-system.fixture.spec.js';

/**
 * Goal: what a person looks at tells of the running system what is so: lag, metrics, logs, messages by choice, a saga until its end; a shell
 * completes what there is; and a command loads what it needs and no more.
 * Method: `npx backstep` as it is installed, on the whole system.
 */
interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let scratch: string;

const json = <T>({ stdout }: Run): T => JSON.parse(stdout) as T;
const place = async (...options: string[]): Promise<string> =>
  json<{ id: string }>(await system.backstep('order', 'place', '--json', ...options)).id;
const sagaOf = async (orderId: string): Promise<string> =>
  json<{ items: { id: string }[] }>(await system.backstep('sagas', '--order', orderId, '--json')).items[0]?.id ?? '';

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, BACKSTEP_DIR: system.dir, NODE_OPTIONS: '', ...environment };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const run = { code: null as number | null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...run, code }));
  });
}

/** Files that V8 has seen, whatever kind of module they are. */
async function loadedBy(...args: string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(scratch, 'coverage-'));
  const { code, stderr } = await run(process.execPath, [BIN, ...args], { NODE_V8_COVERAGE: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
}

interface Group {
  readonly id: string;
  readonly state: string;
  readonly members: readonly unknown[];
  readonly partitions: readonly { topic: string; lag: number; memberId: string | null }[];
}
const groupOf = async (name: string): Promise<Group> => {
  const [group] = json<{ items: Group[] }>(await system.backstep('groups', name, '--json')).items;
  if (!group) throw new Error(`no group ${name}`);
  return group;
};
const lagOf = ({ partitions }: Group): number => partitions.reduce((sum, { lag }) => sum + lag, 0);

export const whenCommandsLook = (): void =>
  describe('when commands look at a running system', () => {
    beforeAll(() => {
      scratch = mkdtempSync(join(tmpdir(), 'backstep-look-'));
    });
    afterAll(() => rmSync(scratch, { recursive: true, force: true }));

    it('a saga is followed until it has ended, and the exit code says how it ended', async () => {
      const good = await place('--wait', '0');
      const completed = await waitUntil('its saga is there', () => sagaOf(good));
      const told = await system.backstep('saga', completed.slice(-12), '--follow');
      expect([told.code, told.stdout]).toEqual([0, expect.stringMatching(/place-order began[\s\S]*COMPLETED\n$/)]);
      const refused = await place('--country', 'AQ');
      const { code, stdout } = await system.backstep('saga', await sagaOf(refused), '--follow', '--json');
      expect(code).toBe(1);
      expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ state: 'COMPENSATED' });
    }, 60_000);

    it('an order that is placed again with its key is shown in its current state', async () => {
      const key = `again-${process.pid}`;
      const order = await place('--key', key);
      const again = await system.backstep('order', 'place', '--key', key, '--wait', '0', '--json');
      expect([again.code, json(again), again.stderr]).toMatchObject([
        ...[0, { id: order, status: 'CONFIRMED' }],
        expect.stringContaining('shown as it is now'),
      ]);
    }, 60_000);

    it('a consumer group without members falls behind, and catches up later', async () => {
      const payment = system.environment().processes['payment']?.[0] ?? 0;
      expect(await groupOf('payment')).toMatchObject({ id: 'backstep.payment', state: 'Stable' });
      process.kill(payment, 'SIGSTOP');
      try {
        await place('--wait', '0');
        await waitUntil('a command waits', async () => lagOf(await groupOf('payment')) > 0, 30_000);
      } finally {
        process.kill(payment, 'SIGCONT');
      }
      const again = await waitUntil(
        'it has caught up',
        async () => {
          const group = await groupOf('payment');
          return group.state === 'Stable' && lagOf(group) === 0 && group;
        },
        60_000,
      );
      expect(again.members).toHaveLength(1);
      expect(new Set(again.partitions.map(({ topic }) => topic))).toEqual(new Set(['payment.commands']));
      expect((await system.backstep('groups')).stdout).toMatch(/backstep\.orchestrator +Stable, 1 member, \d+ behind/);
    }, 120_000);

    it('metrics of every service are shown, also from a port of their own', async () => {
      await place();
      const { items, unreachable } = json<{ items: { service: string; metric: string }[]; unreachable: string[] }>(
        await system.backstep('metrics', '--all', '--json'),
      );
      expect(unreachable).toEqual([]);
      const services = ['gateway', 'inventory', 'orchestrator', 'order', 'payment', 'payment-provider', 'shipment'];
      expect([...new Set(items.map(({ service }) => service))].sort()).toEqual(services);
      expect((await system.backstep('metrics', 'orchestrator')).stdout).toMatch(
        /saga_step_duration_seconds +place-order/,
      );
    }, 60_000);

    it('logs of an order are found by its id, the end of its id, or its saga', async () => {
      const order = await place('--card', 'pm_card_lostResponse');
      const saga = await sagaOf(order);
      for (const given of [order, order.slice(-12), saga, saga.slice(-12)]) {
        const { items } = json<{ items: { service: string; msg: string; orderId: string }[] }>(
          await system.backstep('logs', given, '--json'),
        );
        expect(items).toContainEqual(expect.objectContaining({ service: 'payment', orderId: order }));
      }
      const unknown = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
      expect((await system.backstep('logs', unknown)).code).toBe(4);
      const named = await system.backstep('logs', order, '--gateway', system.gatewayUrl);
      expect([named.code, named.stdout]).toEqual([0, expect.stringContaining('payment')]);
      const afar = await system.backstep(
        'logs',
        order,
        '--gateway',
        system.gatewayUrl.replace('127.0.0.1', 'localhost'),
      );
      expect([afar.code, afar.stderr]).toEqual([3, expect.stringContaining('are where it runs')]);
    }, 60_000);

    it('logs of ended processes are read, and those of containers are said to be elsewhere', async () => {
      const order = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
      const dir = mkdtempSync(join(scratch, 'ended-'));
      mkdirSync(join(dir, 'logs'));
      const line = {
        level: 'info',
        time: '2026-03-01T12:00:00.000Z',
        service: 'order',
        orderId: order,
        msg: 'it ended',
      };
      writeFileSync(join(dir, 'logs', 'order.log'), `${JSON.stringify(line)}\n`);
      const containers = createServer((_, response) => void response.end(JSON.stringify({ instance: 'compose' })));
      await once(containers.listen(0, HOST), 'listening');
      const GATEWAY_PORT = String((containers.address() as AddressInfo).port);
      const elsewhere = await run(process.execPath, [BIN, 'logs', order], { BACKSTEP_DIR: dir, GATEWAY_PORT });
      const unseen = await run(process.execPath, [BIN, 'metrics'], { BACKSTEP_DIR: dir, GATEWAY_PORT });
      await new Promise((resolve) => containers.close(resolve).closeAllConnections());
      expect([elsewhere.code, elsewhere.stderr]).toEqual([
        ...[3, expect.stringContaining(`docker compose logs --no-log-prefix | grep ${order}`)],
      ]);
      expect([unseen.code, unseen.stderr]).toEqual([3, expect.stringContaining('The services are containers')]);
      const ended = await run(process.execPath, [BIN, 'logs', order], { BACKSTEP_DIR: dir, GATEWAY_PORT });
      expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('it ended')]);
    }, 60_000);

    it('a parcel is shown and moved, its goods leave the stock, and the doctor finds nothing wrong', async () => {
      const onHand = async (): Promise<number | undefined> =>
        json<{ items: { sku: string; onHand: number }[] }>(await system.backstep('products', '--json')).items.find(
          ({ sku }) => sku === 'teapot',
        )?.onHand;
      const before = (await onHand()) ?? 0;
      const id = await place('--sku', 'teapot:2');
      await waitUntil('the order has a shipment', async () => (await system.backstep('shipment', id)).code === 0);
      expect(await system.backstep('shipment', id, 'deliver')).toMatchObject({ code: EXIT.refused });
      const { code, stdout } = await system.backstep('shipment', id, 'hand-over');
      expect([code, stdout]).toEqual([0, expect.stringContaining('HANDED_OVER (version 2)')]);
      await waitUntil('the goods have left the stock', async () => (await onHand()) === before - 2);
      expect(json(await system.backstep('shipment', id, 'deliver', '--json'))).toMatchObject({
        status: 'DELIVERED',
        history: [{ status: 'CREATED' }, { status: 'HANDED_OVER' }, { status: 'DELIVERED' }],
      });
      expect(await system.backstep('doctor')).toMatchObject({ code: 0 });
    });

    it('messages are chosen by type, sender, topic and time, of one order or of all', async () => {
      const order = await place('--card', 'pm_card_chargeDeclined');
      const typesOf = async (...options: string[]): Promise<string[]> => {
        const { items } = json<{ items: { headers: Record<string, string> }[] }>(
          await system.backstep('events', ...options, '--json'),
        );
        return items.map(({ headers }) => headers['ce_type'] ?? '');
      };
      expect(await typesOf(order, '--service', 'payment')).toEqual(['PaymentDeclined']);
      expect(await typesOf(order, '--type', 'releasestock')).toEqual(['ReleaseStock']);
      expect(await typesOf(order, '--since', '2999-01-01')).toEqual([]);
      expect(await typesOf('--topic', 'payment.events', '--type', 'PaymentDeclined', '--limit', '1')).toEqual([
        'PaymentDeclined',
      ]);
      expect((await typesOf('--service', 'payment', '--since', '10m')).at(-1)).toBe('PaymentDeclined');
      expect((await system.backstep('events', '--since', '0s')).stdout).toBe('There are none.\n');
      const afar = await system.backstep('events', '--gateway', system.gatewayUrl.replace('127.0.0.1', 'localhost'));
      expect([afar.code, afar.stderr]).toEqual([
        2,
        expect.stringContaining('its Kafka, databases and logs are not known'),
      ]);
    }, 60_000);

    it('the documentation is opened where there is a browser, and its address is always printed', async () => {
      const [browser, seen] = [join(scratch, 'browser'), join(scratch, 'seen')];
      writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > ${seen}.part && mv ${seen}.part ${seen}\n`);
      chmodSync(browser, 0o755);
      const url = `${system.gatewayUrl}/docs`;
      const opened = await run(process.execPath, [BIN, 'open', '--json'], { BROWSER: browser });
      expect(json(opened)).toEqual({ url, opened: true });
      await waitUntil('the browser was told', () => Promise.resolve(readdirSync(scratch).includes('seen')));
      expect(readFileSync(seen, 'utf8')).toBe(url);
      const nowhere = { BROWSER: '', DISPLAY: '', WAYLAND_DISPLAY: '', WSL_DISTRO_NAME: '' };
      expect((await run(process.execPath, [BIN, 'open'], nowhere)).stdout).toBe(`${url}\n`);
    }, 60_000);

    it('bash completes a command, an option, a choice and the id of an order', async () => {
      const order = await place();
      const script = `
        source <(${process.execPath} ${BIN} completion bash)
        typed() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); $(complete -p "$1" | sed 's/.*-F //' | cut -d' ' -f1); echo "\${COMPREPLY[*]}"; }
        typed backstep sag
        typed backstep orders --st
        typed backstep orders --status = p
        typed npx backstep parked rep
        typed backstep events ${order.slice(-12, -4)}`;
      const { stdout, stderr } = await run('bash', ['-c', script]);
      expect([stdout.split('\n'), stderr]).toEqual([
        ['saga sagas', '--status', 'PENDING', 'replay', order.slice(-12), ''],
        '',
      ]);
    }, 60_000);

    it.each([
      ['order', 'the id of an order'],
      ['orders', ''],
      ['sagas', ''],
      ['operations', ''],
      ['products', ''],
      ['lab', ''],
    ])(
      'the command %s %s loads no Kafka client, ORM, NestJS or schemas',
      async (command, argument) => {
        const loaded = await loadedBy(command, ...(argument === '' ? [] : [await place()]));
        expect(loaded.some((url) => url.includes('/commander/'))).toBe(true);
        expect(loaded.filter((url) => /node_modules\/(kafkajs|typeorm|pg|zod|@nestjs)\//.test(url))).toEqual([]);
      },
      60_000,
    );

    it('a lab runs on the PostgreSQL of the running system, both sides or the unprotected one alone', async () => {
      const both = await system.backstep('lab', 'lost-update');
      expect([both.code, both.stderr, both.stdout]).toEqual([
        ...[0, ''],
        expect.stringMatching(/Without protection[\s\S]*balance is 107[\s\S]*With protection[\s\S]*balance is 157/),
      ]);
      const alone = await system.backstep('lab', 'lost-update', '--without-protection', '--json');
      expect(json(alone)).toMatchObject({ name: 'lost-update', scenes: [{ withProtection: false }] });
      const { items } = json<{ items: { name: string }[] }>(await system.backstep('lab', '--json'));
      expect(items.map(({ name }) => name)).toEqual(LABS.map(({ name }) => name));
    }, 60_000);

    it.each([
      ['nothing runs', '', 'start it with `npm start`'],
      ['PostgreSQL does not answer', 'postgres://nobody@127.0.0.1:1/nothing', 'PostgreSQL does not answer'],
    ])(
      'a lab ends with exit code 3 when %s',
      async (_, url, says) => {
        const { code, stderr } = await run(process.execPath, [BIN, 'lab', 'aba'], {
          BACKSTEP_DIR: scratch,
          DATABASE_URL: url,
        });
        expect([code, stderr]).toEqual([3, expect.stringContaining(says)]);
      },
      60_000,
    );

    it('the command events loads no ORM, NestJS or schemas', async () => {
      const loaded = await loadedBy('events', '--limit', '1');
      expect(loaded.some((url) => url.includes('/kafkajs/'))).toBe(true);
      expect(loaded.filter((url) => /node_modules\/(typeorm|pg|zod|@nestjs)\//.test(url))).toEqual([]);
    }, 60_000);
  });
