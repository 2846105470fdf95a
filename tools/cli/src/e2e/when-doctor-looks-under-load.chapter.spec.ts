import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KINDS, Patient, type Kind } from './patient.fixture.spec.js';

/**
 * Goal: while orders flow, the doctor tells in flight from wrong: it raises no false alarm, and sees what is broken meanwhile.
 * Method: a few clients place orders of every kind without a pause, each as soon as the last one was accepted; the doctor looks
 * again and again, without waiting for rest.
 */
const CLIENTS = 4;
const LOOKS = 4;

let patient: Patient;
let flowing = true;
let placed = 0;
const clients: Promise<void>[] = [];

async function client(first: number): Promise<void> {
  const kinds = Object.keys(KINDS) as Kind[];
  for (let turn = first; flowing; turn++) {
    await patient.accepted(kinds[turn % kinds.length] ?? 'confirmed');
    placed += 1;
  }
}

export const whenDoctorLooksUnderLoad = (): void =>
  describe('while orders flow', () => {
    beforeAll(async () => {
      patient = Patient.admit();
      await patient.place(1);
      for (let at = 0; at < CLIENTS; at++) clients.push(client(at));
    }, 60_000);

    afterAll(async () => {
      flowing = false;
      await Promise.all(clients);
      await patient?.discharge();
    }, 60_000);

    it('the doctor sees orders in flight and nothing wrong', async () => {
      let seenInFlight = 0;
      for (let look = 0; look < LOOKS; look++) {
        const before = placed;
        const { code, report, violations } = await patient.look(0);
        expect({ look, code, violations }).toEqual({ look, code: 0, violations: [] });
        seenInFlight += report.inFlight.count;
        expect(placed).toBeGreaterThan(before);
      }
      expect(seenInFlight).toBeGreaterThan(0);
    }, 120_000);

    it('the doctor sees what is broken under load, and that it was repaired', async () => {
      const [order] = patient.orders.confirmed;
      const set = (items: string) =>
        patient.sql('shipment', `UPDATE shipment SET items = '${items}' WHERE order_id = '${order}'`);
      const [was] = await patient.sql<{ items: string }>(
        'shipment',
        `SELECT items::text FROM shipment WHERE order_id = '${order}'`,
      );
      await set('[]');
      const broken = await patient.look(0);
      await set(was?.items ?? '');
      expect(broken.violations).toMatchObject([{ invariant: 'I6', orderId: order }]);
      expect(broken).toMatchObject({ code: 1, report: { atRest: false } });
      expect((await patient.look(0)).violations).toEqual([]);
    }, 120_000);

    it('the doctor finds nothing, and nothing in flight, when all orders have ended', async () => {
      flowing = false;
      await Promise.all(clients);
      const { code, report, violations } = await patient.doctor(60);
      expect({ code, violations, inFlight: report.inFlight.count }).toEqual({ code: 0, violations: [], inFlight: 0 });
      expect(report.atRest).toBe(true);
    }, 120_000);
  });
