import { Module } from '@nestjs/common';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { SagaModule, type SagaSettings } from '@backstep/saga/nest';
import { CONFIG } from '@backstep/service';
import { serviceMessaging } from '@backstep/service-messaging';
import type { OrchestratorConfig } from './config.js';
import { SAGAS } from './sagas.js';

/** All parts come from the kit; the shop adds the tables of its sagas. */
@Module({
  imports: [
    SagaModule.forRootAsync({
      sagas: SAGAS.definitions,
      messaging: (parts) =>
        serviceMessaging({
          service: 'orchestrator',
          groupId: consumerGroupOf('orchestrator'),
          catalogue: CATALOGUE,
          partitions: PARTITIONS,
          subjectField: 'orderId',
          ...parts,
        }),
      routes: true,
      subjectField: 'orderId',
      inject: [CONFIG],
      useFactory: (config: OrchestratorConfig): SagaSettings => ({
        retainDays: config.SAGA_RETAIN_DAYS,
        timerPollMs: config.TIMER_POLL_MS,
      }),
    }),
  ],
})
export class OrchestratorModule {}
