import { Module } from '@nestjs/common';
import { Database } from '@backstep/messaging';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { PostgresSagaStore, SAGA_ENTITIES } from '@backstep/saga';
import { MIGRATIONS } from './migrations/index.js';
import { OperateSagaController } from './operate-sagas/operate-saga.controller.js';
import { ReadSagasController } from './read-sagas/read-sagas.controller.js';
import { SagaEventsHandler } from './run-sagas/saga-events.handler.js';
import { SagaMetrics } from './run-sagas/saga-metrics.js';
import { SagaRunner } from './run-sagas/saga-runner.js';

@Module({
  imports: [
    serviceMessaging({
      service: 'orchestrator',
      groupId: consumerGroupOf('orchestrator'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [SagaEventsHandler],
      entities: SAGA_ENTITIES,
      migrations: MIGRATIONS,
    }),
  ],
  controllers: [ReadSagasController, OperateSagaController],
  providers: [
    SagaMetrics,
    SagaRunner,
    {
      provide: PostgresSagaStore,
      useFactory: (database: Database) => new PostgresSagaStore(database.executor),
      inject: [Database],
    },
  ],
})
export class OrchestratorModule {}
