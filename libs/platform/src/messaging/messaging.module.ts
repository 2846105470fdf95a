import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { UnitOfWork } from '@backstep/unit-of-work';
import { HealthRegistry } from '../health/health-registry.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { CONFIG } from '../config/token.js';
import { Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { batchController } from './batch.controller.js';
import { Database, type Schema } from './database.js';
import type { MessagingConfig } from './messaging-config.js';
import { Messaging, type MessagingOptions } from './messaging.js';
import { ParkedController } from './parked.controller.js';
import { topicsRead } from './topics-read.js';

export interface ServiceDeclaration extends Omit<MessagingOptions, 'topics'>, Schema {
  /** Classes with `@Handles`. What is not listed here is not handled; the topics that the service reads follow from it. */
  readonly handlers: readonly Type[];
}

/**
 * Gives a service `Database`, `UnitOfWork` and `Messaging`. A team that lifts the libraries declares in it, in one place, which
 * handlers its service has and which tables it owns.
 */
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Messaging) private readonly messaging: Messaging,
    @Inject(Database) private readonly database: Database,
  ) {}

  /** @throws Error when a handled message could never arrive: see {@link topicsRead} */
  static forService(service: ServiceDeclaration): DynamicModule {
    const topics = topicsRead(service.service, service.handlers);
    return {
      module: MessagingModule,
      global: true,
      controllers: [...topics.map(batchController), ParkedController],
      providers: [
        ...service.handlers,
        {
          provide: Database,
          useFactory: (config: MessagingConfig, logger: Logger) => Database.open(config, service, logger),
          inject: [CONFIG, Logger],
        },
        {
          provide: Messaging,
          useFactory: (
            config: MessagingConfig,
            database: Database,
            logger: Logger,
            metrics: Metrics,
            health: HealthRegistry,
            lifecycle: Lifecycle,
            ...handlers: object[]
          ) =>
            new Messaging({ service: service.service, topics }, handlers, {
              config,
              database,
              logger,
              metrics,
              health,
              lifecycle,
            }),
          inject: [CONFIG, Database, Logger, Metrics, HealthRegistry, Lifecycle, ...service.handlers],
        },
        { provide: UnitOfWork, useFactory: (messaging: Messaging) => messaging.unitOfWork, inject: [Messaging] },
      ],
      exports: [Database, Messaging, UnitOfWork],
    };
  }

  onModuleInit(): void {
    this.messaging.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.messaging.stop();
    await this.database.close();
  }
}

/** For `runService({ configure })`: reads from Kafka once the application is put together. */
export async function consumeMessages(app: NestFastifyApplication): Promise<void> {
  app.connectMicroservice({ strategy: app.get(Messaging).strategy });
  await app.startAllMicroservices();
}
