import { offlineTables } from '@backstep/concurrency';
import { kitStrategy } from './kit-strategies.js';
import { queue } from './queue-strategy.js';
import { INSTANCES_MAX } from './sessions.js';
import { SQL_STRATEGIES } from './sql-strategies.js';
import { Stock } from './stock.js';
import type { Strategy } from './strategy.js';

export const STRATEGY_NAMES = [
  'none',
  'optimistic',
  'locked',
  'for-update',
  'serializable',
  'delta',
  'escrow',
  'queue',
  'batch',
  'batch-2',
  'adaptive',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** All that are measured, in the order of the tables. */
export async function strategies(): Promise<Readonly<Record<StrategyName, Strategy>>> {
  const tables = await offlineTables([Stock]);
  return {
    ...SQL_STRATEGIES,
    queue,
    batch: kitStrategy("the kit's unit of work, one instance", 1, () => tables),
    'batch-2': kitStrategy('the same, two instances', 2, () => tables),
    adaptive: kitStrategy('the same, four instances', INSTANCES_MAX, () => tables),
  };
}
