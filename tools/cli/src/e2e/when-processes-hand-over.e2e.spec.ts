import { describe, expect, it, afterAll } from '@jest/globals';
import { SERVICES } from '@backstep/contracts';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES } from '../demo/samples.js';
import { shareSystem, system } from './shared-system.fixture.spec.js';

/**
 * Goal: services that stand apart and hand over their messages from process to process end each order as it must, and lose nothing and do nothing twice
 * when any of them is killed. Method: the whole system, each service a process of its own, with their sockets in one folder.
 */
const folder = mkdtempSync(join(tmpdir(), 'backstep-apart-'));
const express = { EXPRESS: 'true', EXPRESS_FOLDER: folder };
shareSystem({ environment: Object.fromEntries(SERVICES.map((service) => [service, express])) });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENDS_WITHIN_MS = 60_000;
/** What starts the saga, and a command and its answer for each of four steps. */
const MESSAGES_OF_AN_ORDER = 9;
/** Orders under way when a process is killed. */
const ORDERS = 6;

/** @returns its id */
async function placed(): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  const accepted = await waitUntil('an order is accepted', async () => {
    const answer = await system.api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers });
    return answer.status === 202 && answer;
  });
  return String(accepted.body['id']);
}

const places = (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, () => placed()));

async function confirmed(id: string): Promise<void> {
  const statusOf = async () => (await system.api('GET', `/v1/orders/${id}`)).body['status'];
  await waitUntil(`the order ${id} is confirmed`, async () => (await statusOf()) === 'CONFIRMED', ENDS_WITHIN_MS);
}

async function doctorFindsNothing(): Promise<void> {
  const { code, stdout } = await system.backstep('doctor', '--settle', '60');
  expect({ code, found: code === 0 ? '' : stdout }).toEqual({ code: 0, found: '' });
}

/** Messages that were handed over to all who read them, of all services. */
async function handedOver(): Promise<number> {
  const ports = SERVICES.map((service) => system.environment().services[service]);
  const pages = await Promise.all(ports.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  return pages
    .flatMap((page) => [...page.matchAll(/^backstep_express_messages_total\{.*outcome="handed_over".*\} (\d+)$/gm)])
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

const anOrderGoesWithoutKafka = (): Promise<true> =>
  waitUntil(
    'an order goes without Kafka',
    async () => {
      const before = await handedOver();
      await confirmed(await placed());
      return (await handedOver()) >= before + MESSAGES_OF_AN_ORDER;
    },
    ENDS_WITHIN_MS,
  );

describe('services that hand over from process to process', () => {
  it('services that hand over from process to process end each sample order as it must', async () => {
    const { code, stdout, stderr } = await system.backstep('demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/shipment_refused/);
    await anOrderGoesWithoutKafka();
    await doctorFindsNothing();
  }, 180_000);

  it.each(SERVICES)(
    'the service %s is killed among others that hand over to it, and every order ends once',
    async (service) => {
      const ids = await places(ORDERS);
      await system.kill(service, 'SIGKILL');
      await system.restart(service);
      ids.push(...(await places(ORDERS)));
      await Promise.all(ids.map(confirmed));
    },
    180_000,
  );

  it('services that hand over do so again when all of them were killed, and the doctor finds nothing', async () => {
    await anOrderGoesWithoutKafka();
    await doctorFindsNothing();
  }, 180_000);
});
