import { Module } from '@nestjs/common';
import { Database, MessagingModule } from '@backstep/platform/messaging';
import { PostgresSagaStore, SAGA_ENTITIES } from '@backstep/saga';
import { UnitOfWork } from '@backstep/unit-of-work';
import { MIGRATIONS } from './migrations/index.js';
import { OperateSagaController } from './operate-sagas/operate-saga.controller.js';
import { ReadSagasController } from './read-sagas/read-sagas.controller.js';
import { SagaEventsHandler } from './run-sagas/saga-events.handler.js';
import { SagaRunner } from './run-sagas/saga-runner.js';

@Module({
  imports: [
    MessagingModule.forService({
      service: 'orchestrator',
      handlers: [SagaEventsHandler],
      entities: SAGA_ENTITIES,
      migrations: MIGRATIONS,
    }),
  ],
  controllers: [ReadSagasController, OperateSagaController],
  providers: [
    SagaRunner,
    {
      provide: PostgresSagaStore,
      useFactory: (database: Database, unitOfWork: UnitOfWork) => new PostgresSagaStore(database.executor, unitOfWork),
      inject: [Database, UnitOfWork],
    },
  ],
})
export class OrchestratorModule {}
