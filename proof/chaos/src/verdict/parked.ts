import { MARK, type Poisoned } from '../faults/poison.js';
import { liesIn, type HostileBatch } from '../hostile/throw-in.js';

export interface ParkedRow {
  readonly service: string;
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly headers: string;
}

export interface ThrownIn {
  readonly poisoned: readonly Poisoned[];
  readonly hostile: readonly HostileBatch[];
}

/**
 * Exactly the poisoned messages are parked: no sound one, and every poisoned one that Kafka still had to deliver (`inKafka`, marks).
 * Where Kafka lost its disk, some are parked that Kafka does not have any more, and some never were delivered. A hostile record has no mark
 * and is known by its place; some of these can be read and are not parked. Where one lay before the disk was lost, a poisoned message may lie
 * afterwards. Pure.
 */
export function compareParked(
  { poisoned, hostile }: ThrownIn,
  parked: readonly ParkedRow[],
  inKafka: ReadonlySet<string>,
): string[] {
  const byMark = new Map(poisoned.map((one) => [one.mark, one]));
  const found: string[] = [];
  const seen = new Set<string>();
  for (const row of parked) {
    const { service, id, state, cause, topic, headers } = row;
    const mark = (JSON.parse(headers) as Record<string, string>)[MARK];
    if (mark === undefined && liesIn(row, hostile)) continue;
    const thrown = mark === undefined ? undefined : byMark.get(mark);
    if (mark !== undefined) seen.add(mark);
    if (!thrown) found.push(`${service} parked message ${id} of ${topic} (${state}: ${cause}), and nobody poisoned it`);
    else if (!thrown.mustPark)
      found.push(`${service} parked message ${id} (${cause}), which can be read: ${thrown.kind}`);
  }
  for (const { mark, kind, topic, mustPark } of poisoned) {
    if (mustPark && inKafka.has(mark) && !seen.has(mark))
      found.push(`a message thrown into ${topic} (${kind}) is parked nowhere`);
  }
  return found;
}
