import { executorOf, translate } from '@backstep/concurrency';
import { ParkingLot, type ParkedState } from '@backstep/inbox';
import { outboxBacklog } from '@backstep/outbox';
import type { DataSource } from 'typeorm';
import type { GroupEvidence, GroupStanding } from './evidence/group-standing.js';

/** How much of a service's work is left, as of now and of all its instances. */
export interface StandingBody {
  readonly parked: Readonly<Record<Exclude<ParkedState, 'discarded'>, number>>;
  readonly outbox: {
    readonly unpublished: number;
    /** How long the oldest has waited, milliseconds; 0 for none. */
    readonly oldestAgeMs: number;
  };
  /** null while Kafka does not answer. */
  readonly group: GroupEvidence;
}

/** Reads it, on connections of TypeORM's: nothing is taken from the hot path. */
export class Standing {
  constructor(
    private readonly dataSource: DataSource,
    private readonly group: GroupStanding,
  ) {}

  /** @throws DatabaseUnavailableError */
  async now(): Promise<StandingBody> {
    const executor = executorOf(this.dataSource);
    const [{ poisoned, held }, { unpublished, oldestAgeSeconds }, group] = await Promise.all([
      new ParkingLot(executor).counts(),
      outboxBacklog(executor),
      this.group.all(),
    ]).catch((error: unknown) => {
      throw translate(error);
    });
    return {
      parked: { poisoned, held },
      outbox: { unpublished, oldestAgeMs: Math.round(oldestAgeSeconds * 1_000) },
      group,
    };
  }
}
