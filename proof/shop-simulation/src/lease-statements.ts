import type { EntityClass } from '@backstep/concurrency';
import type { Row, ServiceStatement, Store } from '@backstep/simulation';

const PENDING: ReadonlySet<unknown> = new Set(['CHARGE_REQUESTED', 'REFUND_REQUESTED']);
const HOUR_MS = 3_600_000;

const time = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
const statusOf = (row: Row): unknown => (row['state'] as Row)['status'];

/** A refund without a time of its own leaves nothing, and can be repeated at any time. */
function mayBeRepeated(row: Row, since: number): boolean {
  const asked = (row['state'] as Row)['since'];
  if (typeof asked === 'number') return asked > since;
  return statusOf(row) === 'REFUND_REQUESTED' || time(row['createdAt']) > since;
}

/** The due payments, the longest due first. */
function dueRows(text: string, store: Store, paymentIntent: EntityClass, hours: number): Row[] {
  const respects = text.includes("AND NOT EXISTS (SELECT FROM named_lock AS l WHERE l.name = 'payment/'");
  const lockOf = ({ id }: Row) => store.locks.get(`payment/${String(id)}`);
  return [...store.of(paymentIntent).rows.values()]
    .filter((row) => PENDING.has(statusOf(row)) && time(row['nextAttemptAt']) <= store.now)
    .filter((row) => !respects || (lockOf(row)?.until ?? 0) <= store.now)
    .filter((row) => mayBeRepeated(row, store.now - hours * HOUR_MS))
    .sort((a, b) => time(a['nextAttemptAt']) - time(b['nextAttemptAt']));
}

/**
 * The statements of `apps/payment/src/intents/settle-payment/leases.ts`, by hand. The conditions that fence stale workers are read from the text: a
 * condition that is removed there is not checked here either.
 */
export const leaseStatements = (
  paymentIntent: EntityClass,
  leasedByAnother: () => void,
  fenced: () => void,
): ServiceStatement[] => [
  {
    matches: /^\/\* payments\.due \*\//,
    plan: (text) => ({
      window: undefined,
      run: (store, [, hours, max]) =>
        dueRows(text, store, paymentIntent, hours as number)
          .slice(0, max as number)
          .map(({ id }) => ({ id })),
    }),
  },
  {
    matches: /^\/\* concurrency\.claim \*\/ WITH claimed AS \(\s+UPDATE "payment_intent" SET next_attempt_at = now\(\)/,
    plan: (text) => {
      const attemptStep = text.includes('attempts = attempts + 1') ? 1 : 0;
      return {
        window: 'commit',
        run: (store, [leaseMs, hours, ours, max], process) => {
          const lockOf = ({ id }: Row) => store.locks.get(`payment/${String(id)}`);
          const due = dueRows(text, store, paymentIntent, hours as number)
            .filter(({ id }) => (ours as string[]).includes(id as string))
            .slice(0, max as number);
          for (const row of due) if ((lockOf(row)?.until ?? -Infinity) !== -Infinity) leasedByAnother();
          const leased = due.map((row) => ({
            ...row,
            nextAttemptAt: new Date(store.now + (leaseMs as number)).toISOString(),
            updatedAt: new Date(store.now).toISOString(),
            attempts: (row['attempts'] as number) + attemptStep,
          }));
          // Copies: the caller makes dates of the timestamps in them.
          const claimed = change(store, paymentIntent, process, due, leased).map((row) => ({ ...row }));
          return [{ claimed }];
        },
      };
    },
  },
  {
    matches: /^UPDATE payment_intent AS p\s+SET attempts = attempts - x\.unasked/,
    plan: (text) => {
      const checksLock = text.includes('AND EXISTS (\n       SELECT FROM named_lock');
      const checksHolder = text.includes('l.holder = x.holder');
      const checksPending = text.includes("AND p.status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')");
      return {
        window: 'commit',
        run: (store, values, process) => {
          const [ids, holders, unasked, dueInMs, problems] = values as [
            string[],
            string[],
            number[],
            number[],
            (string | null)[],
          ];
          const { rows } = store.of(paymentIntent);
          const before: Row[] = [];
          const after: Row[] = [];
          for (const [at, id] of ids.entries()) {
            const row = rows.get(id);
            if (!row || (checksPending && !PENDING.has(statusOf(row)))) continue;
            const lock = store.locks.get(`payment/${id}`);
            const isHeld = lock !== undefined && lock.until !== -Infinity;
            if (checksLock && !(isHeld && (!checksHolder || lock.holder === holders[at]))) {
              fenced();
              continue;
            }
            before.push(row);
            after.push({
              ...row,
              state: problems[at] == null ? row['state'] : { ...(row['state'] as Row), problem: problems[at] },
              attempts: (row['attempts'] as number) - (unasked[at] ?? 0),
              nextAttemptAt: new Date(store.now + (dueInMs[at] ?? 0)).toISOString(),
              updatedAt: new Date(store.now).toISOString(),
            });
          }
          change(store, paymentIntent, process, before, after);
          return [];
        },
      };
    },
  },
];

/** Writes the rows and counts their versions, as the statements do. */
function change(
  store: Store,
  entity: EntityClass,
  process: Parameters<Store['begin']>[0],
  before: readonly Row[],
  after: readonly Row[],
): Row[] {
  const commit = store.begin(process);
  const written = after.map((row) => ({ ...row, version: (row['version'] as number) + 1 }));
  for (const [at, row] of written.entries()) {
    commit.rows.push({ entity, key: String(row['id' as keyof typeof row]), before: before[at], after: row });
  }
  if (written.length > 0) store.apply(commit);
  return written;
}
