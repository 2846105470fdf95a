import { PARTITIONS, TOPICS } from '@backstep/contracts';
import { calm, throwIn, type Target } from '../hostile/throw-in.js';
import { within } from '../waiting.js';
import { SkippedError, type Fault } from './fault.js';

const BATCHES = 60;
const SENT_WITHIN_MS = 60_000;
const HEALED_WITHIN_MS = 60_000;

/** A stranger writes whatever a broker takes into every topic: any codec, size, bytes and time, and batches that lie about themselves. */
export const hostileRecords: Fault = {
  name: 'hostile records',
  weight: 2,
  touches: ['messages', 'kafka'],
  lastsMs: [1_000, 3_000],
  leaves: ['parked'],
  async apply({ system, hostile }, random) {
    const [broker = ''] = system.environment().kafka.brokers;
    const target: Target = { broker, topics: TOPICS.map(({ name }) => name), partitions: PARTITIONS };
    const thrown = await within(SENT_WITHIN_MS, () => throwIn(target, BATCHES, random));
    if (!thrown) throw new SkippedError('Kafka did not take the records');
    hostile.push(...thrown.taken);
    const records = thrown.taken.reduce((sum, batch) => sum + batch.records, 0);
    return {
      what: `${records} in ${thrown.taken.length} batches; ${thrown.refused} batches were refused`,
      heal: async () => {
        if (!(await within(HEALED_WITHIN_MS, () => calm(target).then(() => true))))
          throw new Error('Kafka does not take back the codecs of its topics');
      },
    };
  },
};
