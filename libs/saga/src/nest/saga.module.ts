import { Database } from '@backstep/messaging';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { sagaRegistry } from '../definition/registry.js';
import { PostgresSagaStore } from '../runtime/postgres-saga-store.js';
import { SAGA_ENTITIES } from '../runtime/saga.entities.js';
import { SAGA_MIGRATIONS } from '../runtime/saga-tables.js';
import { SAGA_EVIDENCE } from './saga-evidence.js';
import { eventsHandlerOf } from './saga-events-handler.js';
import { SagaMetrics } from './saga-metrics.js';
import type { AsyncSagaModuleOptions, SagaModuleOptions } from './saga-options.js';
import { SagaRunner } from './saga-runner.js';
import { SagaOperationsController } from './saga-operations.controller.js';
import { SagasController } from './sagas.controller.js';
import { REGISTRY, SETTINGS, SUBJECT_FIELD } from './tokens.js';

/**
 * Runs sagas in a NestJS application: their events, timers, rows and metrics, and the API of operators.
 *
 *     SagaModule.forRoot({
 *       sagas: [bakeLoaf],
 *       messaging: (parts) => MessagingModule.forRoot({ service: 'orchestrator', catalogue, ...parts, database, kafka }),
 *     })
 *
 * Several processes may run the same sagas.
 */
@Module({})
export class SagaModule {
  /** @throws SagaDefinitionError when a saga is given twice in one version */
  static forRoot(options: SagaModuleOptions): DynamicModule {
    return moduleOf(options, { provide: SETTINGS, useValue: options });
  }

  static forRootAsync({ inject = [], useFactory, ...options }: AsyncSagaModuleOptions): DynamicModule {
    return moduleOf(options, { provide: SETTINGS, useFactory, inject });
  }
}

function moduleOf(
  { sagas, messaging, routes = false, subjectField = 'subject' }: Omit<SagaModuleOptions, 'retainDays' | 'timerPollMs'>,
  settings: Provider,
): DynamicModule {
  const registry = sagaRegistry(sagas);
  const parts = {
    handlers: [eventsHandlerOf(registry)],
    entities: SAGA_ENTITIES,
    migrations: [...UNIT_OF_WORK_MIGRATIONS, ...SAGA_MIGRATIONS],
    evidence: SAGA_EVIDENCE,
  };
  return {
    module: SagaModule,
    imports: [messaging(parts)],
    // The one with more in its path first: Express asks in this order.
    controllers: routes ? [SagaOperationsController, SagasController] : [],
    providers: [
      settings,
      { provide: REGISTRY, useValue: registry },
      { provide: SUBJECT_FIELD, useValue: subjectField },
      SagaMetrics,
      SagaRunner,
      {
        provide: PostgresSagaStore,
        useFactory: (database: Database) => new PostgresSagaStore(database.executor),
        inject: [Database],
      },
    ],
    exports: [PostgresSagaStore],
  };
}
