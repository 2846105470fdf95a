import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TOPICS } from '@backstep/contracts';
import { createTopics } from '@backstep/kafka';
import type { Fault } from './fault.js';

/** What formatting makes, and nothing after it changes: with only these, the broker is as new. */
const AS_FORMATTED = new Set(['meta.properties', 'bootstrap.checkpoint']);
/** The broker must start first, and another fault may take it away again before it has. */
const TOPICS_WITHIN_MS = 180_000;

/** Kafka's disk is lost under load: every message, every offset, every topic. The topics are made again, empty. */
export const wipeKafka: Fault = {
  name: "Kafka's disk lost",
  weight: 2,
  touches: ['kafka', 'messages'],
  lastsMs: [1_000, 6_000],
  leaves: ['restarts'],
  // The doctor tells by the messages' own times from when on Kafka is complete: under a wrong clock these say nothing.
  notWith: ['clock step'],
  async apply({ keeper, dir, system, story }) {
    await keeper.take(['kafka'], 'SIGKILL');
    const data = join(dir, 'kafka', 'data');
    const lost = (await readdir(data)).filter((name) => !AS_FORMATTED.has(name));
    await Promise.all(lost.map((name) => rm(join(data, name), { recursive: true, force: true })));
    return {
      what: `${lost.length} files and folders deleted`,
      heal: async () => {
        keeper.letUp(['kafka']);
        await createTopics([...system.environment().kafka.brokers], TOPICS, { deadlineMs: TOPICS_WITHIN_MS });
        story.tell('  the topics are there again, empty');
      },
    };
  },
};
