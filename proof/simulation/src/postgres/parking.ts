import type { ServiceStatement } from './plan.js';
import type { ParkedRow, Row, Store } from './store.js';

/** A parked message as the operator's statements select it: see `libs/inbox/src/parking.ts`. */
const selected = (row: ParkedRow): Row => ({ ...row, attempts: 1, parked_at: new Date(row.parkedAt) });

const inOrder = (store: Store): ParkedRow[] => [...store.parked.values()].sort((a, b) => a.seq - b.seq);

const select = (
  matches: RegExp,
  which: (store: Store, values: readonly unknown[]) => ParkedRow[],
): ServiceStatement => ({
  matches,
  plan: () => ({ window: undefined, run: (store, values) => which(store, values).map(selected) }),
});

const change = (
  matches: RegExp,
  changed: (row: ParkedRow) => Partial<ParkedRow> | undefined,
  column: string,
): ServiceStatement => ({
  matches,
  plan: () => ({
    window: 'commit',
    run: (store, [id], process) => {
      const row = store.parked.get(id as string);
      const changes = row && changed(row);
      if (!row || !changes) return [{ [column]: 0 }];
      const commit = store.begin(process);
      commit.reparked.push({ ...row, ...changes });
      store.apply(commit);
      return [{ [column]: 1 }];
    },
  }),
});

/** The statements of the parking lot outside of batches: those of operators, and the one that releases held messages. */
export const parkingStatements: readonly ServiceStatement[] = [
  select(/^SELECT id, state, [\w, ]+ FROM parked_message WHERE id = \$1$/, ({ parked }, [id]) => {
    const row = parked.get(id as string);
    return row ? [row] : [];
  }),
  select(
    /^SELECT id, state, [\w, ]+ FROM parked_message AS p WHERE state = 'held' AND NOT EXISTS/,
    (store, [limit]) => {
      const poisoned = new Set<string>();
      const free: ParkedRow[] = [];
      for (const row of inOrder(store)) {
        if (row.state === 'poisoned') poisoned.add(row.key);
        else if (row.state === 'held' && !poisoned.has(row.key)) free.push(row);
      }
      return free.slice(0, limit as number);
    },
  ),
  select(
    /^SELECT id, state, [\w, ]+ FROM parked_message WHERE key = \$1 AND state <> 'discarded' AND seq < \$2 ORDER BY seq LIMIT 1$/,
    (store, [key, seq]) =>
      inOrder(store)
        .filter((row) => row.key === key && row.state !== 'discarded' && row.seq < Number(seq))
        .slice(0, 1),
  ),
  change(
    /^WITH d AS \(UPDATE parked_message SET state = 'discarded'/,
    ({ state }) => (state === 'poisoned' ? { state: 'discarded' } : undefined),
    'n',
  ),
  change(
    /^WITH f AS \(UPDATE parked_message SET attempts = attempts \+ 1/,
    ({ state }) => (state === 'discarded' ? undefined : { state: 'poisoned' }),
    'n',
  ),
];
