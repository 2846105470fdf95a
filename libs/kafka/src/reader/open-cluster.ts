import type { Cluster } from 'kafkajs';
import { createClient } from '../client.js';
import type { KafkaOptions } from '../options.js';

/** A new cluster client, connected. The caller disconnects it. */
export async function openCluster(options: KafkaOptions): Promise<Cluster> {
  let handed: Cluster | undefined;
  createClient(options).consumer({
    groupId: 'never-joined',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        handed = cluster;
        return { name: 'none', version: 0, assign: () => Promise.resolve([]), protocol: () => NO_PROTOCOL };
      },
    ],
  });
  if (!handed) throw new Error('kafkajs no longer gives its cluster to partition assigners');
  await handed.connect();
  return handed;
}

const NO_PROTOCOL = { name: 'none', metadata: Buffer.alloc(0) };
