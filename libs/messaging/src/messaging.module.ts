import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { UnitOfWork } from '@backstep/unit-of-work';
import { ContentionController } from './contention.controller.js';
import { Database } from './database.js';
import { DECLARATION } from './declaration-of.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { Evidence } from './evidence/evidence.js';
import { evidenceOf, groupStandingOf } from './evidence/evidence-of.js';
import { GroupStanding } from './evidence/group-standing.js';
import {
  MESSAGING_LOGGER,
  MESSAGING_METRICS,
  gaugesOf,
  nestLogger,
  ProcessLifecycle,
  type Gauges,
  type LifecycleHost,
  type MessagingLogger,
} from './host.js';
import { Messaging } from './messaging.js';
import { checkOptions, type MessagingRuntime, type ServiceDeclaration } from './messaging-options.js';
import { ParkedController } from './parked.controller.js';
import { PeriodicJobs } from './periodic-jobs.js';
import { StandingController } from './standing.controller.js';
import { Standing } from './standing.js';
import { topicsRead } from './topics-read.js';

const RUNTIME = Symbol('backstep:messaging-runtime');
const LIFECYCLE = Symbol('backstep:messaging-lifecycle');

/** What operators look at and act on. */
const ROUTES = [ParkedController, ContentionController, EvidenceController, StandingController];

/** What a service is, with a factory for where it runs. */
export interface AsyncMessagingOptions extends ServiceDeclaration {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // The arguments are what `inject` names, which TypeScript cannot follow.
  readonly useFactory: (...injected: never[]) => MessagingRuntime | Promise<MessagingRuntime>;
}

/**
 * Puts messaging into a NestJS application, on Express or Fastify, with `Database`, `UnitOfWork`, `PeriodicJobs` and `Messaging` for all of
 * its modules. The consumer starts after the application has started, and stops before the rest of it.
 *
 *     MessagingModule.forRoot({
 *       service: 'oven', catalogue, handlers: [BakeLoafHandler], entities: [Loaf], migrations: [...UNIT_OF_WORK_MIGRATIONS, Loaves],
 *       database: { url }, kafka: { brokers },
 *     })
 *
 * Call `app.enableShutdownHooks()`, so that running batches are committed and committed messages are sent before the process ends.
 */
@Module({})
export class MessagingModule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    @Inject(Messaging) private readonly messaging: Messaging,
    @Inject(Database) private readonly database: Database,
    @Inject(GroupStanding) private readonly group: GroupStanding,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
    @Inject(RUNTIME) private readonly runtime: MessagingRuntime,
    @Inject(LIFECYCLE) private readonly lifecycle: LifecycleHost,
  ) {}

  /** @throws Error when an option is wrong, or a handler's message could never arrive: see `topicsRead` */
  static forRoot(options: ServiceDeclaration & MessagingRuntime): DynamicModule {
    checkOptions(options, options);
    return moduleOf(options, { provide: RUNTIME, useValue: options });
  }

  /** {@link forRoot} with configuration, logger or metrics from the application's own providers. */
  static forRootAsync({ imports = [], inject = [], useFactory, ...declaration }: AsyncMessagingOptions): DynamicModule {
    const runtime = async (...injected: never[]): Promise<MessagingRuntime> => {
      const options = await useFactory(...injected);
      checkOptions(declaration, options);
      return options;
    };
    return moduleOf(declaration, { provide: RUNTIME, useFactory: runtime, inject }, imports);
  }

  onModuleInit(): void {
    this.messaging.start();
  }

  onApplicationBootstrap(): void {
    if (this.runtime.consume !== false) this.messaging.consume();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.lifecycle instanceof ProcessLifecycle) this.lifecycle.begin();
    await this.messaging.stopConsuming();
  }

  async onApplicationShutdown(): Promise<void> {
    this.jobs.stop();
    await this.messaging.stop();
    await this.group.close();
    await this.database.close();
  }
}

function moduleOf(
  declaration: ServiceDeclaration,
  runtimeProvider: Provider,
  imports: NonNullable<ModuleMetadata['imports']> = [],
): DynamicModule {
  // A wrong declaration stops the start before anything is connected.
  const topics = topicsRead(declaration.service, declaration.handlers, declaration.catalogue);
  return {
    module: MessagingModule,
    global: true,
    imports: [...imports],
    controllers: declaration.parkedRoutes ? ROUTES : [],
    providers: [
      ...declaration.handlers,
      { provide: DECLARATION, useValue: declaration },
      runtimeProvider,
      {
        provide: LIFECYCLE,
        useFactory: ({ lifecycle }: MessagingRuntime) => lifecycle ?? new ProcessLifecycle(),
        inject: [RUNTIME],
      },
      {
        provide: MESSAGING_LOGGER,
        useFactory: ({ logger }: MessagingRuntime) => logger ?? nestLogger(),
        inject: [RUNTIME],
      },
      {
        provide: MESSAGING_METRICS,
        useFactory: ({ metrics }: MessagingRuntime, jobs: PeriodicJobs) => gaugesOf(metrics, jobs),
        inject: [RUNTIME, PeriodicJobs],
      },
      {
        provide: Database,
        useFactory: ({ database }: MessagingRuntime, logger: MessagingLogger) =>
          Database.open(database, declaration, logger),
        inject: [RUNTIME, MESSAGING_LOGGER],
      },
      {
        provide: PeriodicJobs,
        useFactory: (logger: MessagingLogger, { draining }: LifecycleHost) => new PeriodicJobs(logger, draining),
        inject: [MESSAGING_LOGGER, LIFECYCLE],
      },
      {
        provide: Messaging,
        useFactory: (
          runtime: MessagingRuntime,
          database: Database,
          jobs: PeriodicJobs,
          lifecycle: LifecycleHost,
          logger: MessagingLogger,
          metrics: Gauges,
          ...handlers: object[]
        ) => new Messaging(declaration, topics, handlers, { runtime, database, jobs, lifecycle, logger, metrics }),
        inject: [
          ...[RUNTIME, Database, PeriodicJobs, LIFECYCLE, MESSAGING_LOGGER, MESSAGING_METRICS],
          ...declaration.handlers,
        ],
      },
      {
        provide: GroupStanding,
        useFactory: (runtime: MessagingRuntime, logger: MessagingLogger) =>
          groupStandingOf(declaration, topics, runtime.kafka, logger),
        inject: [RUNTIME, MESSAGING_LOGGER],
      },
      {
        provide: Evidence,
        useFactory: (database: Database, messaging: Messaging, group: GroupStanding) =>
          evidenceOf(declaration, database, messaging, group),
        inject: [Database, Messaging, GroupStanding],
      },
      {
        provide: Standing,
        useFactory: ({ dataSource }: Database, group: GroupStanding) => new Standing(dataSource, group),
        inject: [Database, GroupStanding],
      },
      { provide: UnitOfWork, useFactory: (messaging: Messaging) => messaging.unitOfWork, inject: [Messaging] },
    ],
    exports: [Database, Messaging, PeriodicJobs, UnitOfWork, MESSAGING_LOGGER, MESSAGING_METRICS],
  };
}
