import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Endings, EndingListener } from '../../load/outcomes.js';
import { wallClockOffset } from './wall-clock.js';

/** Between two looks at the orders under way. What is learnt late delays a client's next order, and no measured time. */
const LOOK_EVERY_MS = 5;
/** A look at many orders is dear, and what it delays is small beside their latency. */
const LOOK_AT_MANY_EVERY_MS = 10;
const MANY = 100;

/** The commit of the order's last change: only its confirmation, or its rejection, follows a pending order. */
const ENDED = `/* bench.ended */ SELECT id, status, extract(epoch FROM created_at)::float8 * 1000 AS accepted,
  extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS ended
  FROM orders WHERE id = ANY($1::uuid[]) AND status <> 'PENDING'`;

interface EndedRow {
  readonly id: string;
  readonly status: 'CONFIRMED' | 'REJECTED';
  /** Wall clock, milliseconds. */
  readonly accepted: number;
  readonly ended: number;
}

/** An order's saga. Times are milliseconds of this process's monotonic clock. */
export interface SagaTime {
  /** `created_at` of the order. */
  readonly acceptedAt: number;
  /** Commit of its confirmation. */
  readonly endedAt: number;
}

/**
 * Learns from the order database how orders end, the same way for every system: what is asked for are the orders that somebody waits for, and
 * what is told is the time of the commit, however late it is seen.
 */
export class Confirmations implements Endings {
  private readonly waiting = new Map<string, EndingListener>();
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private failure: unknown;
  private offset = wallClockOffset();
  private times: SagaTime[] = [];

  private constructor(
    private readonly session: pg.Client,
    /** Whose CPU time is the bench's own. */
    readonly backendPid: number,
  ) {}

  static async open(databaseUrl: string): Promise<Confirmations> {
    const session = new pg.Client({ connectionString: databaseUrl, application_name: 'backstep bench' });
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const confirmations = new Confirmations(session, rows[0]?.pid ?? NaN);
    confirmations.looking = confirmations.look().catch((error: unknown) => void (confirmations.failure = error));
    return confirmations;
  }

  whenEnded(orderId: string, listener: EndingListener): void {
    this.waiting.set(orderId, listener);
  }

  get open(): number {
    return this.waiting.size;
  }

  forget(): void {
    this.waiting.clear();
  }

  /** From now on, another phase. */
  begin(): void {
    this.offset = wallClockOffset();
    this.times = [];
  }

  /** Of the orders that have ended since {@link begin}. */
  get sagaTimes(): readonly SagaTime[] {
    return this.times;
  }

  /** @throws what ended the looking */
  assertLooking(): void {
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    this.stopped = true;
    await this.looking;
    await this.session.end();
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      if (this.waiting.size > 0) {
        const query = { name: 'bench.ended', text: ENDED, values: [[...this.waiting.keys()]] };
        for (const row of (await this.session.query<EndedRow>(query)).rows) this.ended(row);
      }
      await delay(this.waiting.size > MANY ? LOOK_AT_MANY_EVERY_MS : LOOK_EVERY_MS);
    }
  }

  private ended({ id, status, accepted, ended }: EndedRow): void {
    const endedAt = ended - this.offset;
    this.times.push({ acceptedAt: accepted - this.offset, endedAt });
    const listener = this.waiting.get(id);
    this.waiting.delete(id);
    listener?.(status, endedAt);
  }
}
