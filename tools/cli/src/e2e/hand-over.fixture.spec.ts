import { expect } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';

/** What starts the saga, and a command and its answer for each of four steps. */
const MESSAGES_OF_AN_ORDER = 9;

/** @returns its id */
export async function placed(paymentMethod = 'pm_card_visa'): Promise<string> {
  const order = { ...SAMPLES[0]?.order, paymentMethod };
  const headers = { 'idempotency-key': randomUUID() };
  const accepted = await waitUntil('an order is accepted', async () => {
    const answer = await system.api('POST', '/v1/orders', { body: order, headers });
    return answer.status === 202 && answer;
  });
  return String(accepted.body['id']);
}

export const places = (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, () => placed()));

export async function areConfirmed(ids: readonly string[], withinMs: number): Promise<void> {
  const statusOf = async (id: string) => (await system.api('GET', `/v1/orders/${id}`)).body['status'];
  await Promise.all(
    ids.map((id) =>
      waitUntil(`the order ${id} is confirmed`, async () => (await statusOf(id)) === 'CONFIRMED', withinMs),
    ),
  );
}

export async function doctorFindsNothing(): Promise<void> {
  const { code, stdout } = await system.backstep('doctor', '--settle', '60');
  expect({ code, found: code === 0 ? '' : stdout }).toEqual({ code: 0, found: '' });
}

/** Messages that were handed over to all who read them, of all services. */
async function handedOver(): Promise<number> {
  const ports = Object.values(system.environment().services);
  const pages = await Promise.all(ports.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  return pages
    .flatMap((page) => [...page.matchAll(/^backstep_express_messages_total\{.*outcome="handed_over".*\} (\d+)$/gm)])
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

/** @param timeoutMs default: that of `waitUntil` */
export const anOrderGoesWithoutKafka = (endsWithinMs: number, timeoutMs?: number): Promise<true> =>
  waitUntil(
    'an order goes without Kafka',
    async () => {
      const before = await handedOver();
      await areConfirmed([await placed()], endsWithinMs);
      return (await handedOver()) >= before + MESSAGES_OF_AN_ORDER;
    },
    timeoutMs,
  );
