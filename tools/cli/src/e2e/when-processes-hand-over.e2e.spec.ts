import { describe, expect, it, afterAll } from '@jest/globals';
import { SERVICES } from '@backstep/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anOrderGoesWithoutKafka, areConfirmed, doctorFindsNothing, places } from './hand-over.fixture.spec.js';
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
/** Orders under way when a process is killed. */
const ORDERS = 6;

describe('services that hand over from process to process', () => {
  it('services that hand over from process to process end each sample order as it must', async () => {
    const { code, stdout, stderr } = await system.backstep('demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/shipment_refused/);
    await anOrderGoesWithoutKafka(ENDS_WITHIN_MS, ENDS_WITHIN_MS);
    await doctorFindsNothing();
  }, 180_000);

  it.each(SERVICES)(
    'the service %s is killed among others that hand over to it, and every order ends once',
    async (service) => {
      const ids = await places(ORDERS);
      await system.kill(service, 'SIGKILL');
      await system.restart(service);
      ids.push(...(await places(ORDERS)));
      await areConfirmed(ids, ENDS_WITHIN_MS);
    },
    180_000,
  );

  it('services that hand over do so again when all of them were killed, and the doctor finds nothing', async () => {
    await anOrderGoesWithoutKafka(ENDS_WITHIN_MS, ENDS_WITHIN_MS);
    await doctorFindsNothing();
  }, 180_000);
});
