import { createHash } from 'node:crypto';
import type { Evidence } from '../representations/evidence.js';

const HASH_CHARACTERS = 22;

/**
 * The weak ETag of evidence: equal while there is nothing new about the order. The moment is left out, and a group that is past the order's
 * last message of a topic counts as just past it, since the messages of other orders move it on all the time.
 */
export function evidenceTag(evidence: Evidence): string {
  const ends = new Map<string, bigint>();
  for (const { topic, partition, offset } of evidence.messages) {
    const place = `${topic}/${partition}`;
    const next = BigInt(offset) + 1n;
    if (next > (ends.get(place) ?? 0n)) ends.set(place, next);
  }
  const services = evidence.services.map((service) => ({
    ...service,
    group: service.group && {
      id: service.group.id,
      positions: service.group.positions.map(({ topic, partition, committed }) => {
        const end = ends.get(`${topic}/${partition}`) ?? 0n;
        return [topic, partition, committed !== null && BigInt(committed) > end ? String(end) : committed];
      }),
    },
  }));
  const shown = JSON.stringify({ ...evidence, services, takenAt: undefined });
  return `W/"${createHash('sha256').update(shown).digest('base64url').slice(0, HASH_CHARACTERS)}"`;
}
