import { CONFIG, Lifecycle, Logger } from '@backstep/service';
import { Module } from '@nestjs/common';
import type { ProviderConfig } from './config.js';
import { Journal } from './journal/journal.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { Ledger } from './ledger/ledger.js';
import { Provider } from './provider.js';
import { StripeController } from './stripe/stripe.controller.js';

@Module({
  controllers: [StripeController, LedgerController],
  providers: [
    {
      provide: Provider,
      inject: [CONFIG, Lifecycle, Logger],
      useFactory: async ({ PROVIDER_DATA_FILE: path }: ProviderConfig, lifecycle: Lifecycle, logger: Logger) => {
        const journal = await Journal.open(path, (error) => {
          logger.error('the journal cannot be written', { error });
          lifecycle.fail('the journal cannot be written');
        });
        return new Provider(await Ledger.open(journal, Date.now()), journal, lifecycle);
      },
    },
  ],
})
export class PaymentProviderModule {}
