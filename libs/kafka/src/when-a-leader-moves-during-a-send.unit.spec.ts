import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { RetryOptions } from 'kafkajs';
import { ONE_ATTEMPT } from './publisher.js';

/**
 * Goal: messages to a broker that dies are sent again, also when the next leader of their partitions has answered already.
 * Method: kafkajs' own sending, with two brokers of which one dies and the other takes over. The messages that a broker takes are counted.
 */
const load = createRequire(import.meta.url);
type Send = (batch: {
  topicMessages: { topic: string; messages: { key: string; value: string }[] }[];
}) => Promise<unknown>;
const createSendMessages = load('kafkajs/src/producer/sendMessages.js') as (parts: object) => Send;
const createRetry = load('kafkajs/src/retry/index.js') as (options: RetryOptions) => unknown;
const { KafkaJSConnectionError } = load('kafkajs/src/errors.js') as {
  KafkaJSConnectionError: new (message: string) => Error;
};
const { version } = load('kafkajs/package.json') as { version: string };

const [SURVIVOR, VICTIM] = ['1', '2'];
interface Given {
  readonly topicData: { topic: string; partitions: { partition: number; messages: { value: string }[] }[] }[];
}

/** The survivor leads partition 0. The victim leads partition 1 until it has died. */
function sending(retry: RetryOptions) {
  const taken: string[] = [];
  let died = false;
  const broker = (nodeId: string) => ({
    nodeId,
    produce: ({ topicData }: Given) => {
      if (nodeId === VICTIM) {
        died = true;
        return Promise.reject(new KafkaJSConnectionError('read ECONNRESET'));
      }
      const partitions = topicData.flatMap(({ partitions: some }) => some);
      taken.push(...partitions.flatMap(({ messages }) => messages.map(({ value }) => value)));
      return Promise.resolve({ topics: [] });
    },
  });
  const brokers: Record<string, object> = { [SURVIVOR as string]: broker('1'), [VICTIM as string]: broker('2') };
  const cluster = {
    addMultipleTargetTopics: () => Promise.resolve(),
    refreshMetadataIfNecessary: () => Promise.resolve(),
    refreshMetadata: () => Promise.resolve(),
    isConnected: () => true,
    targetTopics: new Set(),
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: (_: string, partitions: string[]) => {
      if (died) return { '1': partitions.map(Number) };
      return { '1': [0], '2': [1] };
    },
    findBroker: ({ nodeId }: { nodeId: string }) => Promise.resolve(brokers[nodeId]),
  };
  const eosManager = {
    acquireBrokerLock: () => Promise.resolve(),
    releaseBrokerLock: () => Promise.resolve(),
    isTransactional: () => false,
    getSequence: () => 0,
    updateSequence: () => undefined,
    getProducerId: () => -1,
    getProducerEpoch: () => 0,
  };
  const silent = () => undefined;
  const send = createSendMessages({
    logger: { debug: silent, error: silent },
    cluster,
    eosManager,
    partitioner: ({ message }: { message: { key: string } }) => Number(message.key),
    retrier: createRetry({ initialRetryTime: 1, maxRetryTime: 1, multiplier: 1, factor: 0, ...retry }),
  });
  const messages = ['0', '1'].map((key) => ({ key, value: `to partition ${key}` }));
  return { taken, send: () => send({ topicMessages: [{ topic: 't', messages }] }) };
}

describe('a send during which a leader dies', () => {
  it('a send during which a leader dies fails, and the next call sends everything', async () => {
    const { send, taken } = sending(ONE_ATTEMPT);
    await expect(send()).rejects.toThrow('ECONNRESET');
    await send();
    expect(new Set(taken)).toEqual(new Set(['to partition 0', 'to partition 1']));
  });

  it(`kafkajs ${version} with retries still resolves without sending everything; when this fails, delete ONE_ATTEMPT`, async () => {
    const { send, taken } = sending({ retries: 4 });
    await send();
    expect(taken).toEqual(['to partition 0']);
  });
});
