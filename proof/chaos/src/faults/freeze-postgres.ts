import { familyOf, signalAll } from '../system/family.js';
import type { Fault } from './fault.js';

/** The server and all its sessions hold still: connections stay open, statements hang, locks are kept. */
export const freezePostgres: Fault = {
  name: 'PostgreSQL frozen',
  weight: 2,
  touches: ['postgres'],
  lastsMs: [2_000, 12_000],
  leaves: [],
  async apply({ keeper }) {
    const server = keeper.running().get('postgres');
    const family = server === undefined ? [] : await familyOf(server);
    signalAll(family, 'SIGSTOP');
    return {
      what: `SIGSTOP to ${family.length} processes`,
      heal: () => Promise.resolve(signalAll(family, 'SIGCONT')),
    };
  },
};
