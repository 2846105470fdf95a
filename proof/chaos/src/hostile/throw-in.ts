import type { Random } from '@backstep/simulation';
import { drawHostile } from './draw.js';
import { COMPRESSION_TYPES, produceRaw, setCompression } from './produce.js';

/** A batch of a stranger's that Kafka has taken, and where it lies. */
export interface HostileBatch {
  readonly what: string;
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  readonly records: number;
}

export interface Thrown {
  readonly taken: readonly HostileBatch[];
  readonly refused: number;
}

export interface Target {
  readonly broker: string;
  readonly topics: readonly string[];
  readonly partitions: number;
}

/**
 * Sends `count` batches, all drawn from `random`, each into a topic and a partition drawn likewise. Each topic gets a codec first, in
 * which the broker writes down from then on whatever comes, also what the services send: {@link calm} takes that back.
 */
export async function throwIn({ broker, topics, partitions }: Target, count: number, random: Random): Promise<Thrown> {
  for (const topic of topics) await setCompression(broker, topic, random.pick(COMPRESSION_TYPES));
  const taken: HostileBatch[] = [];
  let refused = 0;
  for (let index = 0; index < count; index++) {
    const { what, records, bytes } = drawHostile(random);
    const topic = random.pick(topics);
    const partition = random.below(partitions);
    const outcome = await produceRaw(broker, topic, partition, bytes());
    if ('refused' in outcome) refused += 1;
    else taken.push({ what, topic, partition, baseOffset: outcome.baseOffset, records });
  }
  return { taken, refused };
}

/** Topics keep again the codec that a producer chose. */
export async function calm({ broker, topics }: Target): Promise<void> {
  for (const topic of topics) await setCompression(broker, topic, 'producer');
}

/** Whether a stranger wrote what lies there. A batch that cannot be opened is parked as one, at any of its offsets. */
export const liesIn = (
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: string },
  hostile: readonly HostileBatch[],
): boolean =>
  hostile.some(
    (batch) =>
      batch.topic === topic &&
      batch.partition === partition &&
      Number(offset) >= batch.baseOffset &&
      Number(offset) < batch.baseOffset + batch.records,
  );
