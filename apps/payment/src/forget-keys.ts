import { forgetKeysPeriodically } from '@backstep/idempotency';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { CONFIG } from '@backstep/service';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { PaymentConfig } from './config.js';

/** Deletes idempotency keys after the time that the API promises to keep them. */
@Injectable()
export class ForgetKeys implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: PaymentConfig,
    @Inject(Database) private readonly database: Database,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    forgetKeysPeriodically(this.jobs, this.database.executor, this.config.IDEMPOTENCY_RETAIN_DAYS);
  }
}
