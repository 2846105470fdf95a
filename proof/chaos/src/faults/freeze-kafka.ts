import type { Fault } from './fault.js';

/** The broker holds still, as in a long pause of its garbage collector: connections stay open, nothing is answered. */
export const freezeKafka: Fault = {
  name: 'Kafka frozen',
  weight: 2,
  touches: ['kafka'],
  lastsMs: [3_000, 14_000],
  leaves: [],
  apply({ keeper }) {
    keeper.signal(['kafka'], 'SIGSTOP');
    return Promise.resolve({ what: 'SIGSTOP', heal: () => Promise.resolve(keeper.signal(['kafka'], 'SIGCONT')) });
  },
};
