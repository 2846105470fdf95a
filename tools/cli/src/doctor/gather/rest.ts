import { setTimeout as delay } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@backstep/contracts/topology';
import { Snapshot } from './snapshot.js';

const LOOK_EVERY_MS = 250;

/**
 * The open work of a service, by its own tables. An order whose saga is STUCK waits for a person; it is pending in one database and STUCK in
 * another, so the two numbers are compared.
 */
const PENDING: Readonly<Partial<Record<ServiceName, string>>> = {
  order: `SELECT count(*)::int AS pending FROM orders WHERE status = 'PENDING'`,
  payment: `SELECT count(*)::int AS pending FROM payment_intent WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')`,
  orchestrator: `SELECT count(*)::int AS pending FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING')`,
};
/** The open work of a service that is not here is its outbox. */
const NOTHING_PENDING = 'SELECT 0 AS pending';
const STUCK = `SELECT count(*)::int AS stuck FROM saga_instance WHERE status = 'STUCK'`;

/** Waits for rest, at most `withinMs`. @returns whether the system came to rest. */
export async function comesToRest(databases: Readonly<Record<string, string>>, withinMs: number): Promise<boolean> {
  for (const until = Date.now() + withinMs; ; await delay(LOOK_EVERY_MS)) {
    if (await isAtRest(databases)) return true;
    if (Date.now() >= until) return false;
  }
}

/**
 * Nothing pending and nothing unpublished, in all databases. Twice in a row: a message that is between two databases at the
 * first look has arrived by the second.
 */
async function isAtRest(databases: Readonly<Record<string, string>>): Promise<boolean> {
  for (let look = 0; look < 2; look++) {
    const [stuck, ...counts] = await Promise.all([
      Snapshot.of(databases, 'orchestrator', async (snapshot) => (await snapshot.one<{ stuck: number }>(STUCK)).stuck),
      ...SERVICES.map(async (service) => ({ service, ...(await pendingIn(databases, service)) })),
    ]);
    const busy = counts.some(
      ({ service, pending, unpublished }) => pending > (service === 'order' ? stuck : 0) || unpublished > 0,
    );
    if (busy) return false;
    if (look === 0) await delay(LOOK_EVERY_MS);
  }
  return true;
}

const pendingIn = (
  databases: Readonly<Record<string, string>>,
  service: ServiceName,
): Promise<{ pending: number; unpublished: number }> =>
  Snapshot.of(databases, service, async (snapshot) => {
    const { pending } = await snapshot.one<{ pending: number }>(PENDING[service] ?? NOTHING_PENDING);
    const { unpublished } = await snapshot.one<{ unpublished: number }>(
      'SELECT count(*)::int AS unpublished FROM outbox',
    );
    return { pending, unpublished };
  });
