import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import type { OrderConfig } from '../config.js';

const FORGET_EVERY_MS = 60_000;
/** Rows deleted with one statement. */
export const FORGET_CHUNK = 2_000;

/** Idempotency keys are remembered for a time that the API promises, not for ever. */
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

/** Deletes one chunk of the keys that are older. @returns how many went. */
export async function forgetChunk({ pool }: Pick<Database, 'pool'>, retainDays: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM idempotency_key WHERE created_at < now() - make_interval(days => $1) LIMIT $2))`,
    [retainDays, FORGET_CHUNK],
  );
  return rowCount ?? 0;
}
