import { MARK, type Poisoned } from '../faults/poison.js';

export interface ParkedRow {
  readonly service: string;
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly topic: string;
  readonly headers: string;
}

/**
 * Parked is exactly what was poisoned: no sound message, and every poisoned one that Kafka still had to deliver (`inKafka`, marks).
 * Where Kafka lost its disk, some are parked that it does not have any more, and some never were. Pure.
 */
export function compareParked(
  poisoned: readonly Poisoned[],
  parked: readonly ParkedRow[],
  inKafka: ReadonlySet<string>,
): string[] {
  const byMark = new Map(poisoned.map((one) => [one.mark, one]));
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { service, id, state, cause, topic, headers } of parked) {
    const mark = (JSON.parse(headers) as Record<string, string>)[MARK];
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
