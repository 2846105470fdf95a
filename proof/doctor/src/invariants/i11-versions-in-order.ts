import { PARTITIONS, TOPICS } from '@backstep/contracts/topology';
import { partitionOf } from '@backstep/kafka';
import type { Evidence, MessageFacts } from '../evidence.js';
import { named, NAMED_MAX, type Finding, type Invariant } from '../violation.js';

const OURS: ReadonlySet<string> = new Set(TOPICS.map(({ name }) => name));

/**
 * I11: per key, versions appear in order, in one partition.
 *
 * A message that was sent again (after a crash between Kafka's acknowledgement and the deletion of the row) is in the log twice, the second
 * time out of order. Its reader drops it by its id, so only the first one counts.
 */
export const versionsInOrder: Invariant = {
  id: 'I11',
  title: 'the messages of a key lie in one partition, their versions in order',
  *check({ messages }: Evidence) {
    for (const [key, log] of messages) {
      const ours = log.filter(({ topic }) => OURS.has(topic));
      const partition = partitionOf(key, PARTITIONS);
      yield* elsewhere(key, partition, ours);
      yield* outOfOrder(key, partition, ours);
    }
  },
};

function* elsewhere(key: string, partition: number, log: readonly MessageFacts[]): Generator<Finding> {
  const strays = log.filter((message) => message.partition !== partition);
  if (strays.length === 0) return;
  yield {
    what: `messages of ${key} belong in partition ${partition}, and ${strays.length} lie elsewhere`,
    orderId: key,
    messages: strays.slice(0, NAMED_MAX).map(named),
    remedy: `See who sent them, \`npx backstep events ${key}\`: another partitioner, or a topic that was given more partitions, breaks the order of a key.`,
  };
}

/** Of messages in the right partition; a message in another one is a violation by itself. */
function* outOfOrder(key: string, partition: number, log: readonly MessageFacts[]): Generator<Finding> {
  const newest = new Map<string, MessageFacts>();
  const seen = new Set<string>();
  for (const message of log) {
    const { id, topic, aggregateVersion: version } = message;
    if (version === undefined || message.partition !== partition || seen.has(id)) continue;
    seen.add(id);
    const before = newest.get(topic);
    if (before?.aggregateVersion !== undefined && version < before.aggregateVersion) {
      yield {
        what: `${topic} tells version ${version} of ${key} after version ${before.aggregateVersion}`,
        orderId: key,
        messages: [named(before), named(message)],
        remedy: `Two instances sent for one key at once: see which versions were told, \`npx backstep events ${key}\`, and who owned its shard (the logs of that service’s rebalances).`,
      };
    } else newest.set(topic, message);
  }
}
