import { authorizationFor } from '../../shared/operator-token.js';
import type { SagaFacts } from '@backstep/doctor';

/** Sagas asked about. Those of one version are blocked together, so a few tell of all. */
const ASKED_MAX = 20;
const ANSWER_WITHIN_MS = 5_000;
/** A timer that has been due for longer may be one that cannot be fired. */
const OVERDUE_MS = 5_000;

/**
 * Asks the orchestrator about sagas whose timer does not fire, since only it knows which versions of sagas are registered. When the gateway
 * is away, the question stays open, and the timer is reported.
 */
export async function withBlockers(
  gateway: string,
  sagas: ReadonlyMap<string, readonly SagaFacts[]>,
  now: number,
): Promise<ReadonlyMap<string, readonly SagaFacts[]>> {
  const overdue = [...sagas.values()]
    .flat()
    .filter(({ timer }) => timer && (timer.failures > 0 || timer.dueAt < now - OVERDUE_MS))
    .slice(0, ASKED_MAX);
  const told = await Promise.all(overdue.map(async (saga) => ({ saga, why: await whyBlocked(gateway, saga.id) })));
  const result = new Map(sagas);
  for (const { saga, why } of told) {
    if (why === undefined) continue;
    const own = result.get(saga.orderId) ?? [];
    result.set(
      saga.orderId,
      own.map((one) => (one.id === saga.id ? { ...one, blockedBecause: why } : one)),
    );
  }
  return result;
}

async function whyBlocked(gateway: string, sagaId: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${gateway}/v1/sagas/${sagaId}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: authorizationFor(gateway),
    });
    const { blockedBecause } = (await response.json()) as { blockedBecause?: string | null };
    return blockedBecause ?? undefined;
  } catch {
    // No answer: the saga is judged by its timer.
    return undefined;
  }
}
