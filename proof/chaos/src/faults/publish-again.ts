import { TOPICS } from '@backstep/contracts';
import type { WireMessage } from '@backstep/messages';
import { KafkaPublisher, PartitionReader, type ReceivedMessage } from '@backstep/kafka';
import { liesIn } from '../hostile/throw-in.js';
import { within } from '../waiting.js';
import { SkippedError, type Fault } from './fault.js';

const TOPIC_NAMES = TOPICS.map(({ name }) => name);
/** The most messages of Kafka that are produced again. */
const AGAIN_MAX = 400;
const KAFKA_BACK_WITHIN_MS = 60_000;

/** Produces Kafka's messages again: a stretch in order, or single messages in random order, long after they were current. */
export const publishAgain: Fault = {
  name: 'messages produced again',
  weight: 3,
  touches: ['messages', 'kafka'],
  lastsMs: [500, 1_000],
  leaves: ['duplicatesDropped'],
  async apply({ system, hostile }, random) {
    const { brokers } = system.environment().kafka;
    // A hostile record is known by its place alone: a copy of it could not be recognised.
    const said = (await readAll(brokers)).filter((message) => !liesIn(message, hostile));
    if (said.length === 0) throw new SkippedError('Kafka holds nothing yet');
    const inOrder = random.chance(0.5);
    const from = random.below(said.length);
    const again = inOrder
      ? said.slice(from, from + AGAIN_MAX)
      : Array.from({ length: Math.min(AGAIN_MAX, said.length) }, () => random.pick(said));
    await publish(brokers, again.map(wireOf));
    return {
      what: `${again.length} of ${said.length} messages, ${inOrder ? 'a stretch in order' : 'in any order'}`,
      heal: () => Promise.resolve(),
    };
  },
};

export async function readAll(brokers: readonly string[]): Promise<ReceivedMessage[]> {
  const reader = new PartitionReader({ brokers, clientId: 'backstep-chaos' });
  try {
    const read = await within(KAFKA_BACK_WITHIN_MS, async () => {
      const all: ReceivedMessage[] = [];
      for await (const batch of reader.readAll(TOPIC_NAMES)) all.push(...batch);
      // Without an id of its own a message is a new one wherever it stands: such are thrown in as poison, and counted there.
      return all.filter(({ key, value, headers }) => key && value !== null && headers['ce_id'] !== undefined);
    });
    if (!read) throw new SkippedError('Kafka could not be read');
    return read;
  } finally {
    await reader.disconnect();
  }
}

/** Kafka may still be coming up from the fault before. @throws SkippedError when it takes too long */
export async function publish(brokers: readonly string[], messages: readonly WireMessage[]): Promise<void> {
  const publisher = new KafkaPublisher({ brokers, clientId: 'backstep-chaos' });
  try {
    const published = await within(KAFKA_BACK_WITHIN_MS, async () => {
      await publisher.publish(messages);
      return true;
    });
    if (!published) throw new SkippedError('Kafka did not take the messages');
  } finally {
    await publisher.disconnect();
  }
}

const wireOf = ({ topic, key, headers, value }: ReceivedMessage): WireMessage => ({
  topic,
  key: key ?? '',
  headers,
  value: value ?? '',
});
