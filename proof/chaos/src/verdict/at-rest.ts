import { setTimeout as delay } from 'node:timers/promises';
import type { Started } from '../system/start.js';
import { rowsOf } from '../system/database.js';
import { within } from '../waiting.js';
import { urlsOfProcess } from './metrics.js';

/**
 * The named bound: after everything is healed, every accepted order has ended within this time. It holds a saga's step timeouts (10 and
 * 30 s) and their repetitions with backoff, leases that run out, and a busy machine.
 */
export const REST_WITHIN_MS = 180_000;
const BETWEEN_LOOKS_MS = 500;
const ANSWER_WITHIN_MS = 3_000;

/** The open work of each service. */
const PENDING: Readonly<Record<string, string>> = {
  order: `SELECT count(*)::int AS n FROM orders WHERE status NOT IN ('CONFIRMED', 'REJECTED', 'CANCELLED')`,
  payment: `SELECT count(*)::int AS n FROM payment_intent WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')`,
  orchestrator: `SELECT count(*)::int AS n FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING')`,
};
const UNSENT = 'SELECT count(*)::int AS n FROM outbox';

/** Waits until the system is at rest. @returns how long it took, in ms; or, after the bound, what is still open. */
export async function comeToRest(started: Started): Promise<{ tookMs: number } | { restless: readonly string[] }> {
  const since = performance.now();
  let restless: readonly string[] = ['nothing answers'];
  const resting = await within(REST_WITHIN_MS, async () => {
    restless = await moving(started);
    if (restless.length > 0) return false;
    // A message that is between two services at the first look has arrived by the second.
    await delay(BETWEEN_LOOKS_MS);
    restless = await moving(started);
    return restless.length === 0;
  });
  return resting ? { tookMs: performance.now() - since } : { restless };
}

async function moving({ system, keeper }: Started): Promise<string[]> {
  const { databases, services } = system.environment();
  const pending = await Promise.all(
    Object.entries(databases).flatMap(([service, url]) =>
      [PENDING[service], UNSENT].flatMap((sql) => (sql === undefined ? [] : count(service, url, sql))),
    ),
  );
  const consumers = [...keeper.running()].flatMap(([name, pid]) => {
    const urls = services[name] === undefined ? urlsOfProcess(name, pid) : [services[name]];
    return urls.map((url) => behind(name, url));
  });
  return [...pending, ...(await Promise.all(consumers))].filter((what) => what !== undefined);
}

async function count(service: string, url: string, sql: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ n: number }>(url, sql);
  if (row?.n === 0) return undefined;
  return `${service}: ${row?.n ?? 'no'} ${sql === UNSENT ? 'messages unsent' : 'under way'}`;
}

/** What a service says of its own consumer: `lag 0` when it has handled all there is. */
async function behind(name: string, url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const { checks } = (await response.json()) as { checks: Record<string, { detail?: string }> };
  const detail = checks['kafka']?.detail ?? 'silent';
  return response.ok && detail === 'lag 0' ? undefined : `${name}: ${response.status}, Kafka ${detail}`;
}
