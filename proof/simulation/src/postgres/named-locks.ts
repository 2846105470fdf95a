import type { Plan, ServiceStatement, Values } from './plan.js';
import type { Commit, LockRow, Store } from './store.js';

/** Adds what a part changes to the commit. @returns how many rows it touches */
type LockPart = (store: Store, param: (n: number) => unknown, commit: Commit) => number;

const RELEASED = Number.NEGATIVE_INFINITY;

type Matches = (row: LockRow | undefined, holder: unknown, epoch: unknown) => row is LockRow;

/** Whether a row is held by whom the statement says. A comparison that is removed from its text is not made here either. */
function heldBy(sql: string): Matches {
  const checksHolder = sql.includes('t.holder = ANY(ARRAY[x.holder])');
  const checksEpoch = sql.includes('t.epoch = x.epoch');
  return (row, holder, epoch): row is LockRow =>
    row !== undefined &&
    row.until !== RELEASED &&
    (!checksHolder || row.holder === holder) &&
    (!checksEpoch || epoch === null || row.epoch === epoch);
}

const list = (value: unknown): readonly unknown[] => value as readonly unknown[];

/** The parts of a batch's write: see `libs/locks/src/parts.ts`. */
export function lockPartOf(sql: string): LockPart | undefined {
  if (sql.startsWith('SELECT 1 FROM named_lock')) {
    const matches = heldBy(sql);
    return ({ locks }, param) => {
      const [names, holders, epochs] = [1, 2, 3].map((n) => list(param(n)));
      return (names ?? []).filter((name, at) => matches(locks.get(String(name)), holders?.[at], epochs?.[at])).length;
    };
  }
  if (sql.startsWith('UPDATE named_lock')) {
    const matches = heldBy(sql);
    return (store, param, commit) => {
      const [names = [], holders = [], epochs = [], nexts = [], leases = []] = [1, 2, 3, 4, 5].map((n) =>
        list(param(n)),
      );
      let touched = 0;
      for (const [at, name] of names.entries()) {
        const before = store.locks.get(String(name));
        if (!matches(before, holders[at], epochs[at])) continue;
        const next = String(nexts[at]);
        const epoch = next === before.holder ? before.epoch : store.nextEpoch();
        const until = leases[at] === null ? RELEASED : store.now + Number(leases[at]);
        commit.locks.push({ name: String(name), before, after: { holder: next, epoch, until } });
        touched++;
      }
      return touched;
    };
  }
  if (!sql.includes('INSERT INTO named_lock')) return undefined;
  return (store, param, commit) => {
    const [names = [], holders = [], leases = []] = [1, 2, 3].map((n) => list(param(n)));
    let taken = 0;
    for (const [at, name] of names.entries()) {
      if (take(store, commit, String(name), String(holders[at]), Number(leases[at]))) taken++;
    }
    return taken;
  };
}

function take(store: Store, commit: Commit, name: string, holder: string, leaseMs: number): LockRow | undefined {
  const before = store.locks.get(name);
  if (before && before.until > store.now) return undefined;
  const after = { holder, epoch: store.nextEpoch(), until: store.now + leaseMs };
  commit.locks.push({ name, before, after });
  return after;
}

/** The statements of locks outside of batches: see `libs/locks/src/statements.ts` and `demands.ts`. */
export const lockStatements: readonly ServiceStatement[] = [
  {
    matches: /^\/\* locks\.claim \*\//,
    plan: (): Plan => ({
      window: 'commit',
      run: (store, [names, holders, leaseMs, max]: Values, process) => {
        const commit = store.begin(process);
        const claimed = list(names).flatMap((name, at) => {
          if (commit.locks.length >= Number(max)) return [];
          const holder = String(list(holders)[at]);
          const taken = take(store, commit, String(name), holder, Number(leaseMs));
          return taken ? [{ name, holder, epoch: taken.epoch }] : [];
        });
        store.apply(commit);
        return claimed;
      },
    }),
  },
  {
    matches: /^\/\* locks\.release \*\//,
    plan: (text): Plan => {
      const matches = heldBy(text);
      return {
        window: 'commit',
        run: (store, [names, holders, epochs]: Values, process) => {
          const commit = store.begin(process);
          for (const [at, name] of list(names).entries()) {
            const before = store.locks.get(String(name));
            if (!matches(before, list(holders)[at], list(epochs)[at])) continue;
            commit.locks.push({ name: String(name), before, after: { ...before, until: RELEASED } });
          }
          store.apply(commit);
          return commit.locks.map(({ name }) => ({ name }));
        },
      };
    },
  },
  {
    matches: /^\/\* locks\.look \*\//,
    plan: (): Plan => {
      const matches = heldBy('t.holder = ANY(ARRAY[x.holder]) t.epoch = x.epoch');
      return {
        window: undefined,
        run: ({ locks, now }, [names, holders, epochs, taken]: Values) =>
          list(names).flatMap((name, at) => {
            const row = locks.get(String(name));
            const fits = list(taken)[at]
              ? row === undefined || row.until <= now
              : matches(row, list(holders)[at], list(epochs)[at]);
            return fits ? [] : [{ name, busyMs: row ? row.until - now : null }];
          }),
      };
    },
  },
];
