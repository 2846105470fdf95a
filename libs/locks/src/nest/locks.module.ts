import { Database, MESSAGING_LOGGER, PeriodicJobs, type MessagingLogger } from '@backstep/messaging';
import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { NamedLocks, type NamedLocksParts } from '../named-locks.js';

/** How often names that nobody holds are deleted, milliseconds. */
const PURGE_EVERY_MS = 15_000;

/** What an application may say of its locks. Every member has a default. */
export type LocksModuleOptions = Pick<NamedLocksParts, 'limits' | 'throttle'>;

/**
 * Puts {@link NamedLocks} into an application with messaging, for all of its modules, on the hot path's connections; names that nobody holds are
 * deleted every 15 seconds.
 *
 *     @Module({ imports: [MessagingModule.forRoot({ migrations: [...UNIT_OF_WORK_MIGRATIONS, ...NAMED_LOCK_MIGRATIONS], … }), LocksModule.forRoot()] })
 */
@Module({})
export class LocksModule implements OnModuleInit {
  constructor(
    @Inject(NamedLocks) private readonly locks: NamedLocks,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
  ) {}

  static forRoot(options: LocksModuleOptions = {}): DynamicModule {
    return {
      module: LocksModule,
      global: true,
      providers: [
        {
          provide: NamedLocks,
          useFactory: ({ executor }: Database, logger: MessagingLogger) => {
            const failed = (what: string, error: unknown): void => logger.warn(`could not ${what}`, { error });
            return new NamedLocks({ ...options, executor, failed });
          },
          inject: [Database, MESSAGING_LOGGER],
        },
      ],
      exports: [NamedLocks],
    };
  }

  onModuleInit(): void {
    this.jobs.every(PURGE_EVERY_MS, 'delete locks that nobody holds', async () => {
      await this.locks.purge();
    });
  }
}
