import { SagaRow } from '@backstep/saga/runtime';
import type { SimulatedProcess } from '../world/process.js';
import type { OutboxRow, Row, Store } from './store.js';
import { planRead } from './plan-read.js';
import { lockStatements } from './named-locks.js';
import { parkingStatements } from './parking.js';
import { planWrite } from './plan-write.js';

export type Values = readonly unknown[];

/** A statement that the simulated PostgreSQL can run. */
export interface Plan {
  readonly window: 'read' | 'commit' | undefined;
  /** Runs the statement at one moment. @throws what the driver would throw */
  run(store: Store, values: Values, process: SimulatedProcess): readonly Row[];
  /** Does everything but the changes, for a transaction that commits later. Absent for a statement that changes nothing. */
  check?(store: Store, values: Values): readonly Row[];
}

/** A statement of a service itself, such as the lease of a worker, with its meaning written by hand. */
export interface ServiceStatement {
  readonly matches: RegExp;
  /** @param text so that a condition that is removed from the statement is missing in the simulation too */
  plan(text: string): Plan;
}

const shared: readonly ServiceStatement[] = [
  {
    matches: /^SELECT message_id AS id FROM inbox WHERE message_id = ANY/,
    plan: () => ({
      window: undefined,
      run: ({ inbox }, [ids]) => (ids as string[]).filter((id) => inbox.has(id)).map((id) => ({ id })),
    }),
  },
  {
    matches: /^SELECT id FROM parked_message WHERE id = ANY/,
    plan: () => ({
      window: undefined,
      run: ({ parked }, [ids]) => (ids as string[]).filter((id) => parked.has(id)).map((id) => ({ id })),
    }),
  },
  {
    matches: /^SELECT id, shard, topic, key, headers, value, .* FROM outbox WHERE shard = ANY.*ORDER BY seq/,
    plan: () => ({
      window: undefined,
      run: ({ outbox, now }, [shards, olderThanMs, limit]) =>
        outboxRows(
          [...outbox.values()].filter(
            ({ shard, createdAt }) =>
              (shards as number[]).includes(shard) && createdAt <= now - (olderThanMs as number),
          ),
          limit as number,
        ),
    }),
  },
  {
    matches: /^SELECT id, shard, topic, key, headers, value, .* FROM outbox WHERE key = ANY.*ORDER BY seq/,
    plan: () => ({
      window: undefined,
      run: ({ outbox }, [keys, limit]) =>
        outboxRows(
          [...outbox.values()].filter(({ key }) => (keys as string[]).includes(key)),
          limit as number,
        ),
    }),
  },
  {
    matches:
      /^SELECT id AS "sagaId", subject, wake_at::float8 AS "timerAt" FROM saga_instance\s+WHERE wake_at <= \$1 AND .* ORDER BY wake_at, id LIMIT \$2/,
    plan: () => ({ window: undefined, run: dueSagas }),
  },
  // Locks are of the whole store here, so that by the time it is answered nobody holds any.
  { matches: /^\/\* unit-of-work\.rows-held \*\//, plan: () => ({ window: undefined, run: () => [{}] }) },
  // The simulated Kafka refuses no message, so no key of the outbox is held or due.
  { matches: /^\/\* outbox\.(?:due|all-due) \*\//, plan: () => ({ window: undefined, run: () => [] }) },
  ...parkingStatements,
  ...lockStatements,
  {
    matches: /^UPDATE saga_instance AS s\s+SET wake_at = /,
    plan: () => ({ window: 'commit', run: putOff }),
  },
];

const outboxRows = (found: OutboxRow[], limit: number): Row[] =>
  found
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit)
    .map(({ id, shard, topic, key, headers, value }) => ({ id, shard, topic, key, headers, value, held: false }));

/** `PostgresSagaStore.dueSagas`. */
function dueSagas(store: Store, [now, limit, afterAt, afterId]: Values): Row[] {
  const placeOf = ({ timerAt, id }: Row): [number, string] => [timerAt as number, String(id)];
  const isAfter = (a: [number, string], b: [number, string]): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
  return [...store.of(SagaRow).rows.values()]
    .filter((row) => row['timerAt'] !== null && (row['timerAt'] as number) <= (now as number))
    .filter((row) => afterAt === null || isAfter(placeOf(row), [afterAt as number, String(afterId)]))
    .sort((a, b) => (isAfter(placeOf(a), placeOf(b)) ? 1 : -1))
    .slice(0, limit as number)
    .map(({ id, subject, timerAt }) => ({ sagaId: id, subject, timerAt }));
}

/** `PostgresSagaStore.defer`: sagas whose timer could not be fired wait longer each time. */
function putOff(store: Store, [ids, timerAts, now, baseMs, maxMs]: Values, process: SimulatedProcess): Row[] {
  const { rows } = store.of(SagaRow);
  const commit = store.begin(process);
  for (const [at, key] of (ids as string[]).entries()) {
    const before = rows.get(key);
    if (!before || before['timerAt'] !== (timerAts as number[])[at]) continue;
    const failures = before['failures'] as number;
    const timerAt = (now as number) + Math.min(maxMs as number, (baseMs as number) * 2 ** Math.min(failures, 30));
    const after = { ...before, timerAt, failures: failures + 1, version: (before['version'] as number) + 1 };
    commit.rows.push({ entity: SagaRow, key, before, after });
  }
  store.apply(commit);
  return [];
}

/** The statements of one service. Each of the few dozen texts is parsed once. */
export class Planner {
  private readonly plans = new Map<string, Plan>();

  /** @param tamper replaces a statement: for specs that take a protection out */
  constructor(
    private readonly statements: readonly ServiceStatement[],
    private readonly tamper: (text: string) => string = (text) => text,
  ) {}

  /** @throws Error for an unknown statement, rather than simulate something else */
  planOf(text: string, store: Store): Plan {
    let plan = this.plans.get(text);
    if (!plan) this.plans.set(text, (plan = this.understand(this.tamper(text), store)));
    return plan;
  }

  private understand(text: string, store: Store): Plan {
    if (text.startsWith('WITH ')) {
      const plan = planWrite(text, store);
      if (plan) return plan;
    }
    if (text.startsWith('SELECT (SELECT json_agg(')) return planRead(text, store);
    const own = [...this.statements, ...shared].find(({ matches }) => matches.test(text));
    if (own) return own.plan(text);
    throw new Error(`the simulated PostgreSQL of ${store.service} does not know this statement:\n${text}`);
  }
}
