import { adaptive, locked, optimistic, type Strategy as TakenAs } from '@backstep/concurrency';
import { kitStrategy } from './kit-strategies.js';
import { queue } from './queue-strategy.js';
import { INSTANCES_MAX } from './sessions.js';
import { SQL_STRATEGIES } from './sql-strategies.js';
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
  'optimistic-4',
  'locked-4',
  'adaptive',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** All that are measured, in the order of the tables. */
export async function strategies(): Promise<Readonly<Record<StrategyName, Strategy>>> {
  const kit = (about: string, instances: number, takenAs: TakenAs) => kitStrategy({ about, instances, takenAs });
  return {
    ...SQL_STRATEGIES,
    queue,
    batch: await kit("the kit's unit of work, one instance", 1, adaptive()),
    'batch-2': await kit('the same, two instances', 2, adaptive()),
    'optimistic-4': await kit('four instances, `@Contended(optimistic())`', INSTANCES_MAX, optimistic()),
    'locked-4': await kit('four instances, `@Contended(locked())`', INSTANCES_MAX, locked()),
    adaptive: await kit('four instances, `@Contended(adaptive())`, which is the default', INSTANCES_MAX, adaptive()),
  };
}
