import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import type { OrderConfig } from '../config.js';

const FORGET_EVERY_MS = 60_000;
/** Rows that one statement deletes. */
export const FORGET_CHUNK = 2_000;

/** Deletes idempotency keys after the time that the API promises to keep them. */
@Injectable()
export class ForgetKeys implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: OrderConfig,
    @Inject(Database) private readonly database: Database,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every(FORGET_EVERY_MS, 'forget old idempotency keys', async () => {
      while ((await forgetChunk(this.database, this.config.IDEMPOTENCY_RETAIN_DAYS)) === FORGET_CHUNK);
    });
  }
}

/** Deletes one chunk of the older keys. @returns how many were deleted. */
export async function forgetChunk({ pool }: Pick<Database, 'pool'>, retainDays: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM idempotency_key WHERE created_at < now() - make_interval(days => $1) LIMIT $2))`,
    [retainDays, FORGET_CHUNK],
  );
  return rowCount ?? 0;
}
