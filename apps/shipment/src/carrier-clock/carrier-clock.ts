import { NamedLocks } from '@backstep/locks';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { CONFIG, Logger } from '@backstep/service';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { ShipmentConfig } from '../config.js';
import { MoveShipmentHandler } from '../move-shipment/move-shipment.handler.js';
import { CARRIER_MOVES, type CarrierMove } from '../shipment/shipment.rules.js';
import { DUE_MAX, dueShipments } from './due-shipments.js';

/** The clock looks for due shipments at least and at most so often, milliseconds. */
const EVERY_AT_LEAST_MS = 10_000;
const EVERY_AT_MOST_MS = 100;
/** Rounds of {@link DUE_MAX} shipments that one turn makes at most. What is left is found by the next turn. */
const ROUNDS_MAX = 40;
/** How long an instance has the clock to itself, milliseconds. */
const LEASE_MS = 60_000;
const LOCK = 'carrier-clock';

/** How often the clock looks: several times within the shorter of the two intervals. */
export const turnEveryMs = (...intervals: readonly number[]): number =>
  Math.max(EVERY_AT_MOST_MS, Math.min(EVERY_AT_LEAST_MS, Math.min(...intervals) / 4));

/**
 * Plays the carrier: takes each parcel after a while, and delivers it after another.
 *
 * The lock is for economy: two instances that find the same shipments would lose half of their writes. What keeps a parcel from being handed
 * over twice, or after a cancellation, is the version of its row: the state and its event are one statement, decided on the row as it is. So
 * an instance that was taken for dead may go on, and one that dies has moved a shipment and told it, or neither.
 */
@Injectable()
export class CarrierClock implements OnModuleInit {
  private readonly handler = new MoveShipmentHandler();

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<ShipmentConfig, 'CARRIER_HANDS_OVER_AFTER_MS' | 'CARRIER_DELIVERS_AFTER_MS'>,
    @Inject(Database) private readonly database: Pick<Database, 'pool'>,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(NamedLocks) private readonly locks: Pick<NamedLocks, 'claim' | 'release'>,
    @Inject(PeriodicJobs) private readonly jobs: Pick<PeriodicJobs, 'every'>,
    @Inject(Logger) private readonly logger: Pick<Logger, 'info'>,
  ) {}

  onModuleInit(): void {
    const { CARRIER_HANDS_OVER_AFTER_MS: handsOver, CARRIER_DELIVERS_AFTER_MS: delivers } = this.config;
    this.jobs.every(turnEveryMs(handsOver, delivers), 'move shipments that are due', () => this.turn());
  }

  /** Moves what is due. Does nothing while another instance has the clock. @throws DatabaseUnavailableError */
  async turn(): Promise<void> {
    const leases = await this.locks.claim([LOCK], { leaseMs: LEASE_MS });
    if (leases.length === 0) return;
    try {
      for (const move of CARRIER_MOVES) await this.move(move);
    } finally {
      await this.locks.release(leases);
    }
  }

  private async move(move: CarrierMove): Promise<void> {
    const { CARRIER_HANDS_OVER_AFTER_MS, CARRIER_DELIVERS_AFTER_MS } = this.config;
    const afterMs = move === 'hand-over' ? CARRIER_HANDS_OVER_AFTER_MS : CARRIER_DELIVERS_AFTER_MS;
    let count = 0;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const due = await dueShipments(this.database, move, afterMs);
      const asked = due.map((orderId) => this.unitOfWork.request(this.handler, { orderId, edit: { move } }));
      // `allSettled`: the other shipments move although one fails.
      const outcomes = await Promise.allSettled(asked);
      count += outcomes.filter((one) => one.status === 'fulfilled' && one.value.outcome === 'moved').length;
      const failed = outcomes.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      if (due.length < DUE_MAX) break;
    }
    if (count > 0) this.logger.info('the carrier moved shipments', { move, count });
  }
}
