import { describe, it } from '@jest/globals';
import type { Change, Situation } from './situation.fixture.spec.js';

/** As many as there may be at once. */
const FAULTS_MAX = 8;
const POINTS = ['batch.before-commit', 'batch.after-commit', 'batch.halving', 'batch.parking'] as const;

/** Goal: faults and the doctor are answered as documented. Method: faults at pause points that nobody comes to meanwhile, all healed at the end. */
export const inTheLab = (situation: () => Situation): void =>
  describe('in the lab', () => {
    it('a fault is made, refused where it cannot be, and healed; and the doctor is asked', async () => {
      const here = situation();
      const target = { service: 'payment-provider' };
      const pause: Change = { json: { kind: 'pause', target, forMs: 60_000 } };
      const made = await here.get<{ readonly id: string }>('makeFault 201 application/json', pause);
      await here.provoke([
        ['listFaults 200 application/json', {}],
        ['makeFault 409 conflict', pause],
        ['healFault 404 not-found', {}],
        ['labPage 200 text/html', {}],
      ]);
      await here.provoke([['healFault 200 application/json', { path: { faultId: made.body.id } }]]);
      await here.provoke([['readDoctor 200 application/json', {}]]);
    });

    it('beyond the bound of faults there is 429, until all are healed', async () => {
      const here = situation();
      const wanted = ['inventory', 'shipment'].flatMap((service) =>
        POINTS.map((point): Change => ({ json: { kind: 'pause-point', target: { service }, point, forMs: 60_000 } })),
      );
      try {
        await here.provoke(wanted.slice(0, FAULTS_MAX).map((change) => ['makeFault 201 application/json', change]));
        await here.provoke([['makeFault 429 too-many-requests', {}]]);
      } finally {
        await here.provoke([['healFaults 200 application/json', {}]]);
      }
    });
  });
