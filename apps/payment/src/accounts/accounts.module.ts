import { LanesModule } from '@backstep/lanes/nest';
import { Module } from '@nestjs/common';
import { OpenAccountController } from './open-account/open-account.controller.js';
import { ReadAccountController } from './read-account/read-account.controller.js';
import { KnownTransfers } from './transfer/known-transfers.js';
import { transfers } from './transfer/transfer-money.handler.js';
import { TransfersController } from './transfer/transfers.controller.js';

/** Accounts of ours, and transfers between them. */
@Module({
  imports: [LanesModule.forRoot({ lanes: [transfers] })],
  controllers: [OpenAccountController, ReadAccountController, TransfersController],
  providers: [KnownTransfers],
})
export class AccountsModule {}
