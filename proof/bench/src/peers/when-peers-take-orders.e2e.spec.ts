import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ComparedSystem } from './compared-system.js';
import { Confirmations } from './measure/confirmations.js';
import { Meter } from './measure/meter.js';
import { runPhase, type Measuring } from './measure/run-phase.js';
import { faultsOf } from './report.js';
import { SYSTEMS } from './systems.js';

/**
 * Goal: the peers still do what they are compared by: their sagas run, their rows agree, and what is measured of them are figures.
 * Method: each as `npm run bench -- --peers` starts it, some twenty orders; Restate where npm has its server, or can get it.
 */
const SECONDS = 2;
const TIMEOUT_MS = 180_000;
/** On a machine that does other things as well. */
const LATENCY_MAX_MS = 30_000;
const signal = new AbortController().signal;
const OPEN = { name: '10/s', load: { kind: 'open', perSecond: 10 } } as const;
const CLOSED = { name: '1 in flight', load: { kind: 'closed', clients: 1 } } as const;

const PEERS: readonly (readonly [string, ComparedSystem, string | undefined])[] = await Promise.all(
  (['restate', 'dbos'] as const).map(async (name) => {
    const peer: ComparedSystem = SYSTEMS[name];
    return [name, peer, await peer.absence?.()] as const;
  }),
);

describe.each(PEERS)('%s, beside which Backstep is measured', (name, peer, absence) => {
  if (absence !== undefined) process.stderr.write(`${name} is not there: ${absence}\n`);
  const itRuns = absence === undefined ? it : it.skip;
  let measuring: Measuring;

  beforeAll(async () => {
    if (absence !== undefined) return;
    const system = await peer.start(signal);
    const confirmations = await Confirmations.open(system.databaseUrl);
    measuring = { system, confirmations, meter: await Meter.open(system, [confirmations.backendPid]) };
  }, TIMEOUT_MS);
  afterAll(async () => {
    if (absence !== undefined) return;
    await measuring.confirmations.close();
    await measuring.meter.close();
    await measuring.system.stop();
  });

  itRuns(`the orders of ${name} end, and are measured`, async () => {
    for (const phase of [CLOSED, OPEN]) {
      const figures = await runPhase(phase, measuring, SECONDS, signal);
      expect(faultsOf({ system: name, round: 1, phase: phase.name, figures })).toEqual([]);
      expect(figures.cpuMsPerSecond).toBeGreaterThan(0);
      expect(figures.memoryMb).toBeGreaterThan(50);
      // On a busy machine a client may wait for its first order throughout; arrivals wait for nothing.
      if (phase !== OPEN) continue;
      expect(figures.sagaMs.p50).toBeGreaterThan(0);
      // By the clock of this process and by PostgreSQL's: a wrong offset between them would be hours.
      expect(figures.latencyMs.p50).toBeGreaterThan(0);
      expect(figures.latencyMs.p50).toBeLessThan(LATENCY_MAX_MS);
    }
  });

  itRuns(`an order that is placed again at ${name} with its key is the same order`, async () => {
    const { system, confirmations } = measuring;
    const key = '018f3d5e-7a6b-7c2d-9e1f-0123456789ab';
    const ended = new Promise((resolve) => confirmations.whenEnded(key, resolve));
    for (let time = 0; time < 2; time++) expect(await place(system.ordersUrl, key)).toBe(202);
    expect(await ended).toBe('CONFIRMED');
    expect(await place(system.ordersUrl, key)).toBe(202);
  });

  itRuns(`the rows of ${name} agree: one reservation, charge, booking and shipment for each order`, async () => {
    expect(await measuring.system.check()).toEqual([]);
  });
});

async function place(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({
      items: [{ sku: 'bench-1', quantity: 1 }],
      paymentMethod: 'pm_card_visa',
      shippingAddress: { name: 'Ada Lovelace', city: 'Berlin', country: 'DE' },
    }),
  });
  await response.arrayBuffer();
  return response.status;
}
