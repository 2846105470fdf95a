import { MessagingModule } from '@backstep/messaging';
import { compensatable, minutes, pivot, saga, seconds } from '@backstep/saga';
import { SagaModule } from '@backstep/saga/nest';
import { Module } from '@nestjs/common';
import {
  BakeLoaf,
  CATALOGUE,
  DeliverLoaf,
  DeliveryRefused,
  LoafBaked,
  LoafDelivered,
  LoafOrdered,
  LoafThrownAway,
  ThrowLoafAway,
} from './messages.js';
import { settings } from './settings.js';

/** From an order to a loaf at its customer's, or thrown away. */
export const bakeLoaf = saga('bake-loaf', { failures: ['no_courier'] }).startsOn(LoafOrdered, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('bake', {
      send: BakeLoaf,
      done: LoafBaked,
      undo: ThrowLoafAway,
      undone: LoafThrownAway,
      timeout: seconds(10),
    }),
    pivot('deliver', {
      send: DeliverLoaf,
      done: LoafDelivered,
      refused: DeliveryRefused,
      failure: () => ({ code: 'no_courier', message: 'nobody takes burnt bread' }),
    }),
  ],
});

@Module({
  imports: [
    SagaModule.forRoot({
      sagas: [bakeLoaf],
      messaging: (parts) =>
        MessagingModule.forRoot({ service: 'orchestrator', catalogue: CATALOGUE, ...parts, ...settings() }),
      routes: true,
    }),
  ],
})
export class OrchestratorModule {}
