import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Stripe from 'stripe';

/**
 * Goal: what the provider answered survives `kill -9`, and a repeated key charges nothing twice.
 * Method: the compiled process, killed in the middle of a stream of charges, then started on the same file; every charge is repeated with its key.
 */
const children: ChildProcess[] = [];
let folder: string | undefined;
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (folder !== undefined) await rm(folder, { recursive: true });
});

async function start(file: string): Promise<{ readonly child: ChildProcess; readonly base: URL }> {
  const child = spawn(process.execPath, [new URL('../dist/main.js', import.meta.url).pathname], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', METRICS_PORT: '0', PROVIDER_DATA_FILE: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return { child, base: new URL(url) };
  }
  throw new Error('the provider did not start');
}

const clientOf = (base: URL) =>
  new Stripe('sk_test_backstep', {
    host: base.hostname,
    port: Number(base.port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });

const charge = (stripe: Stripe, index: number) =>
  stripe.paymentIntents.create(
    {
      amount: 100 + index,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: true,
      metadata: { orderId: `order-${index}` },
    },
    { idempotencyKey: `charge:${index}` },
  );

const CHARGES = 300;
const ANSWERED_BEFORE_KILL = 100;

describe('a provider that is killed while it charges', () => {
  it('a provider that is killed while it charges has every charge that it answered, once', async () => {
    folder = await mkdtemp(join(tmpdir(), 'backstep-kill-'));
    const file = join(folder, 'journal.jsonl');
    const first = await start(file);
    const stripe = clientOf(first.base);
    const answered = new Map<number, string>();
    const requests = Array.from({ length: CHARGES }, async (_, index) => {
      const { id } = await charge(stripe, index);
      answered.set(index, id);
      if (answered.size === ANSWERED_BEFORE_KILL) first.child.kill('SIGKILL');
    });
    const exited = once(first.child, 'exit');
    await Promise.allSettled(requests);
    await exited;
    expect(answered.size).toBeGreaterThanOrEqual(ANSWERED_BEFORE_KILL);

    const second = await start(file);
    const again = clientOf(second.base);
    for (let index = 0; index < CHARGES; index++) {
      const { id } = await charge(again, index);
      if (answered.has(index)) expect(id).toBe(answered.get(index));
    }
    const ledger = (await (await fetch(new URL('/ledger', second.base))).json()) as {
      captured: number;
      intents: unknown[];
    };
    expect(ledger.intents).toHaveLength(CHARGES);
    expect(ledger.captured).toBe(CHARGES * 100 + (CHARGES * (CHARGES - 1)) / 2);
    const ended = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
