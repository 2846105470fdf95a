import { describe, expect, it } from '@jest/globals';
import type { Cluster } from 'kafkajs';
import { fetchFromAll, type Cursor } from './log-client.js';

/**
 * Goal: when several brokers lead partitions and one of them fails while the others answer, no message is skipped.
 * Method: a double of kafkajs' cluster with two leaders, one of which is gone at the first fetch.
 */
const record = (offset: string) => ({ offset, timestamp: '0', key: Buffer.from('k'), value: Buffer.from(offset) });

function clusterOf(gone: Set<string>): Cluster {
  const partitionLedBy = (nodeId: string) => Number(nodeId) - 1;
  const fetch = (nodeId: string) => () => {
    if (gone.has(nodeId)) return Promise.reject(new Error(`broker ${nodeId} is gone`));
    const partition = partitionLedBy(nodeId);
    return Promise.resolve({ responses: [{ topicName: 't', partitions: [{ partition, messages: [record('7')] }] }] });
  };
  const double = {
    findLeaderForPartitions: (_: string, [partition = 0]: number[]) => ({ [String(partition + 1)]: [partition] }),
    findBroker: ({ nodeId }: { nodeId: string }) => Promise.resolve({ fetch: fetch(nodeId) }),
  };
  return double as unknown as Cluster;
}

describe('a fetch from two leaders', () => {
  it('a fetch from two leaders moves no cursor when one leader fails, so the next fetch reads all', async () => {
    const cursors: Cursor[] = [0, 1].map((partition) => ({ topic: 't', partition, next: 7n }));
    const gone = new Set(['2']);
    const cluster = clusterOf(gone);
    await expect(fetchFromAll(cluster, cursors, 1)).rejects.toThrow('broker 2 is gone');
    gone.clear();
    const messages = await fetchFromAll(cluster, cursors, 1);
    expect(messages.map(({ partition, offset }) => `${partition}@${offset}`)).toEqual(['0@7', '1@7']);
    expect(cursors.map(({ next }) => next)).toEqual([8n, 8n]);
  });
});
