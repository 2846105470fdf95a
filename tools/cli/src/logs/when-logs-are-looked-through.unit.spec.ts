import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { linesWith } from './read-logs.js';
import { logLineText } from './render-logs.js';

/** Goal: what all services logged of an order is one story, in order of time. Method: real files, as `npm start` leaves them. */
const ORDER = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
let dir: string;

const line = (time: string, service: string, msg: string, fields: object = { orderId: ORDER }): string =>
  `${JSON.stringify({ level: 'info', time: `2026-03-01T12:00:${time}Z`, service, ...fields, msg })}\n`;

const log = (file: string, ...lines: string[]): void => writeFileSync(join(dir, 'logs', file), lines.join(''));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-logs-'));
  mkdirSync(join(dir, 'logs'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the logs of a system', () => {
  it('the logs of all instances and of older files are merged in order of time', async () => {
    log('order.log.1', line('00.001', 'order', 'first'));
    log('order.log', line('00.004', 'order', 'fourth'), line('00.005', 'order', 'of another order', { orderId: 'x' }));
    log('payment.log', line('00.002', 'payment', 'second'));
    log('payment-2.log', line('00.003', 'payment', 'third', { sagaId: 's1' }));
    const { lines, dropped } = await linesWith(dir, [ORDER, 's1'], 10);
    expect(lines.map(({ msg }) => msg)).toEqual(['first', 'second', 'third', 'fourth']);
    expect(dropped).toBe(0);
  });

  it('lines that are no JSON, such as a crash, keep their place', async () => {
    log('order.log', line('00.001', 'order', 'first'), `Error: ${ORDER} broke it\n`, line('00.009', 'order', 'last'));
    log('payment.log', line('00.005', 'payment', 'between'));
    const { lines } = await linesWith(dir, [ORDER], 10);
    expect(lines.map(({ service, msg }) => `${service}: ${msg}`)).toEqual([
      'order: first',
      `order: Error: ${ORDER} broke it`,
      'payment: between',
      'order: last',
    ]);
  });

  it('the logs of PostgreSQL and Kafka are left out', async () => {
    log('postgres.log', `a statement with ${ORDER}\n`);
    log('kafka.log', `a record of ${ORDER}\n`);
    expect((await linesWith(dir, [ORDER], 10)).lines).toEqual([]);
  });

  it('the latest log lines are shown, with the number of those left out', async () => {
    const many = Array.from({ length: 25 }, (_, at) => line(`00.${String(at).padStart(3, '0')}`, 'order', `m${at}`));
    log('order.log', ...many);
    log('payment.log', line('00.500', 'payment', 'last'));
    const { lines, dropped } = await linesWith(dir, [ORDER], 3);
    expect(lines.map(({ msg }) => msg)).toEqual(['m23', 'm24', 'last']);
    expect(dropped).toBe(23);
  });

  it('a log line is shown as time, level, service, message and fields', async () => {
    log('order.log', line('00.001', 'order', 'it broke', { orderId: ORDER, error: { message: 'no' }, attempt: 2 }));
    const [first] = (await linesWith(dir, [ORDER], 1)).lines;
    expect(first && logLineText(first)).toBe(
      `2026-03-01 12:00:00.001  info   order         it broke  orderId=${ORDER} error={"message":"no"} attempt=2`,
    );
  });
});
