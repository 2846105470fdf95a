import {
  addCounted,
  classOf,
  NOTHING_COUNTED,
  ratioOf,
  statusOf,
  type ContentionClass,
  type ContentionReport,
  type ContentionStatus,
  type Counted,
  type HotKeyReport,
} from '@backstep/unit-of-work';

/** The writes of one entity in the last minute, of all instances. */
export interface ContentionOfEntity extends Counted {
  readonly entity: string;
  /** The share of attempts that were lost, from 0 to 1: of the minute, and of the last 5 seconds. */
  readonly ratio: number;
  readonly burstRatio: number;
  readonly class: ContentionClass;
}

/** `GET /health/contention`. `idle`: fewer than 100 attempts in the last minute. */
export interface ContentionHealth {
  readonly status: ContentionStatus;
  readonly attempts: number;
  readonly ratio: number;
}

/** `GET /contention` of a service. */
export interface ContentionBody extends ContentionHealth {
  readonly instances: number;
  readonly entities: readonly ContentionOfEntity[];
  readonly hottest: readonly HotKeyReport[];
}

export function contentionBody(instances: number, { entities, hottest }: ContentionReport): ContentionBody {
  const all = entities.reduce((sum, { minute }) => addCounted(sum, minute), NOTHING_COUNTED);
  return {
    status: statusOf(all),
    attempts: all.attempts,
    ratio: ratioOf(all),
    instances,
    entities: entities.map((of) => ({
      entity: of.entity,
      ...of.minute,
      ratio: ratioOf(of.minute),
      burstRatio: ratioOf(of.burst),
      class: classOf(of),
    })),
    hottest,
  };
}
