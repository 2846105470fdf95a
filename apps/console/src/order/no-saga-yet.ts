import type { Evidence } from '../api/types.js';
import { positionText } from '../lanes/position.js';

/** Most sagas begin within a few milliseconds: nobody reads a sentence that is gone by then. */
const BEGINS_WITHIN_MS = 1_000;

/** Of an order whose saga has not begun: where its first message lies, and how far the orchestrator has read. undefined: it has, or nobody knows. */
export function noSagaYet({ takenAt, order, sagas, messages, services }: Evidence): string | undefined {
  const orchestrator = services.find(({ service }) => service === 'orchestrator');
  const [first] = messages;
  if (order?.status !== 'PENDING' || sagas.length > 0 || !orchestrator || !first) return undefined;
  if (Date.parse(takenAt) - Date.parse(order.createdAt) < BEGINS_WITHIN_MS) return undefined;
  const position = orchestrator.group?.positions.find(
    ({ topic, partition }) => topic === first.topic && partition === first.partition,
  );
  const where = position ? `is at ${position.committed ?? 'the beginning'}` : 'does not say where it is';
  return `No saga yet: ${first.headers['ce_type'] ?? 'the first message'} is at ${positionText(first)}; the orchestrator ${where}.`;
}
