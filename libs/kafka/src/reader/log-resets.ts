import { createClient } from '../client.js';
import { resetsIn, type Resets } from '../consumer/log-marks.js';
import { accessProblem, isTransient, unavailable } from '../errors.js';
import type { KafkaOptions } from '../options.js';

/** The resets that a group has kept for a partition whose log it found to be another. */
export interface KnownResets extends Resets {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/**
 * The resets that the groups have kept with their offsets. Empty when an ACL keeps us from reading them.
 * @throws KafkaUnavailableError
 */
export async function logResets(
  options: KafkaOptions,
  groups: readonly string[],
  topics: readonly string[],
): Promise<KnownResets[]> {
  const admin = createClient(options).admin();
  try {
    await admin.connect();
    const found: KnownResets[] = [];
    for (const group of groups) {
      const offsets = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      for (const { topic, partitions } of offsets) {
        for (const { partition, metadata } of partitions) {
          const resets = resetsIn(metadata);
          if (resets) found.push({ group, topic, partition, ...resets });
        }
      }
    }
    return found;
  } catch (error) {
    if (accessProblem(error) !== undefined) return [];
    throw isTransient(error) ? unavailable(error) : error;
  } finally {
    await admin.disconnect();
  }
}
