import { afterEach, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Stripe from 'stripe';
import { Receiver, SECRET } from './receiver.fixture.spec.js';

/**
 * Goal: a webhook that is due outlives `kill -9` of the stand-in, and one that was taken does not come again.
 * Method: the compiled process and an endpoint that takes nothing; the process is killed, the endpoint mended, and the process started again
 * on the same file, twice.
 */
const children: ChildProcess[] = [];
let receiver: Receiver;
let folder: string | undefined;
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await receiver.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

async function start(file: string): Promise<{ readonly child: ChildProcess; readonly stripe: Stripe }> {
  const child = spawn(process.execPath, [new URL('../../dist/main.js', import.meta.url).pathname], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      METRICS_PORT: '0',
      PROVIDER_DATA_FILE: file,
      WEBHOOK_URL: receiver.url,
      WEBHOOK_SECRET: SECRET,
      WEBHOOKS: 'all',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    const { hostname: host, port } = new URL(url);
    const options = { host, port: Number(port), protocol: 'http', maxNetworkRetries: 0, telemetry: false } as const;
    return { child, stripe: new Stripe('sk_test_1', options) };
  }
  throw new Error('the provider did not start');
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

it('webhooks that were due when the provider was killed are sent after its next start, and only then', async () => {
  receiver = await Receiver.open();
  receiver.status = 503;
  folder = await mkdtemp(join(tmpdir(), 'backstep-webhooks-'));
  const file = join(folder, 'journal.jsonl');
  const charge = (stripe: Stripe, key: string) =>
    stripe.paymentIntents.create(
      { amount: 100, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
      { idempotencyKey: key },
    );

  const first = await start(file);
  await Promise.all(['a', 'b', 'c'].map((key) => charge(first.stripe, key)));
  await kill(first.child, 'SIGKILL');

  receiver.events.length = 0;
  receiver.status = 200;
  const second = await start(file);
  await receiver.until(3);
  expect(receiver.events.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
  // It drains: what was taken is in the journal by then.
  await kill(second.child, 'SIGTERM');

  receiver.events.length = 0;
  const third = await start(file);
  await charge(third.stripe, 'd');
  await receiver.until(1);
  expect(receiver.events.map(({ key }) => key)).toEqual(['d']);
});
