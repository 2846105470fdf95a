import { Database, PeriodicJobs } from '@backstep/messaging';
import { Inject, Module, type DynamicModule, type InjectionToken, type OnModuleInit } from '@nestjs/common';
import { forgetKeysPeriodically } from '../forget-keys.js';

/** How long an application keeps its idempotency keys. */
export interface IdempotencyModuleOptions<C> {
  /** The token of the application's configuration. */
  readonly config: InjectionToken<C>;
  /** Days: as long as the API promises to answer a repeated request from its key. */
  readonly retainDays: (config: C) => number;
}

const RETAIN_DAYS = Symbol('backstep:idempotency-retain-days');

/**
 * Deletes idempotency keys once a minute, after the time that the API promises to keep them, in an application with messaging.
 *
 *     IdempotencyModule.forRoot({ config: CONFIG, retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: BakeryConfig) => IDEMPOTENCY_RETAIN_DAYS })
 */
@Module({})
export class IdempotencyModule implements OnModuleInit {
  constructor(
    @Inject(RETAIN_DAYS) private readonly retainDays: number,
    @Inject(Database) private readonly database: Database,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
  ) {}

  static forRoot<C>({ config, retainDays }: IdempotencyModuleOptions<C>): DynamicModule {
    return {
      module: IdempotencyModule,
      providers: [{ provide: RETAIN_DAYS, useFactory: retainDays, inject: [config] }],
    };
  }

  onModuleInit(): void {
    forgetKeysPeriodically(this.jobs, this.database.executor, this.retainDays);
  }
}
