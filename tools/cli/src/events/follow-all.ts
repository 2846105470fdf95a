import { randomUUID } from 'node:crypto';
import { CLI_GROUP_PREFIX } from '@backstep/contracts/topology';
import { BatchConsumer, type ReceivedMessage } from '@backstep/kafka';
import { UnreachableError } from '../shared/exit-codes.js';
import { kafkaSecurity } from '../shared/kafka-security.js';

/**
 * Hands over every message of the topics, from the first one on, until the signal aborts; in order within a partition.
 * Reads as a consumer group of its own, so that it takes nothing away from a service.
 * @throws UnreachableError when the consumer cannot go on
 */
export async function followAll(
  brokers: readonly string[],
  topics: readonly string[],
  tell: (messages: readonly ReceivedMessage[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let ended: (error?: Error) => void = () => undefined;
  const end = new Promise<void>((resolve, reject) => {
    ended = (error) => (error ? reject(new UnreachableError(`Kafka: ${error.message}`, { cause: error })) : resolve());
  });
  const consumer = new BatchConsumer(
    {
      brokers,
      clientId: 'backstep-cli',
      security: kafkaSecurity(),
      groupId: `${CLI_GROUP_PREFIX}${randomUUID()}`,
      topics,
      onCrash: ended,
    },
    ({ messages }) => Promise.resolve(tell(messages)),
  );
  signal.addEventListener('abort', () => ended());
  consumer.start();
  try {
    await end;
  } finally {
    await consumer.close();
  }
}
