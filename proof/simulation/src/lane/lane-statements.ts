import { LaneEntry } from '@backstep/lanes';
import type { ServiceStatement } from '../postgres/plan.js';
import type { Row, Store } from '../postgres/store.js';

/** Rows keep the order in which they were inserted, which is that of `seq`. */
const queuedOf = (store: Store, lane: unknown): Row[] =>
  [...store.of(LaneEntry).rows.values()].filter((row) => row['lane'] === lane && row['state'] === 'QUEUED');

/** The statements of lanes: see `libs/lanes/src/lane-store.ts`. */
export const laneStatements: readonly ServiceStatement[] = [
  {
    matches: /^\/\* lane\.oldest \*\//,
    plan: (text) => ({
      window: undefined,
      run: (store, [lane, limit]) => {
        const queued = queuedOf(store, lane);
        if (!text.includes('ORDER BY seq')) queued.reverse();
        return queued.slice(0, limit as number).map(({ key, input }) => ({ key, input }));
      },
    }),
  },
  {
    matches: /^\/\* lane\.any \*\//,
    plan: () => ({ window: undefined, run: (store, [lane]) => queuedOf(store, lane).slice(0, 1) }),
  },
  {
    matches: /^\/\* lane\.waiting \*\//,
    plan: () => ({
      window: undefined,
      run: (store, [lane, limit]) => [
        { queued: Math.min(limit as number, queuedOf(store, lane).length), oldestAgeMs: 0 },
      ],
    }),
  },
];
