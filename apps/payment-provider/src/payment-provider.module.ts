import { CONFIG, Lifecycle, Logger, Metrics } from '@backstep/service';
import { Module } from '@nestjs/common';
import type { ProviderConfig } from './config.js';
import { Journal } from './journal/journal.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { Ledger } from './ledger/ledger.js';
import { Provider } from './provider.js';
import { StripeController } from './stripe/stripe.controller.js';
import { Webhooks } from './webhooks/webhooks.js';

@Module({
  controllers: [StripeController, LedgerController],
  providers: [
    {
      provide: Provider,
      inject: [CONFIG, Lifecycle, Logger, Metrics],
      useFactory: async (config: ProviderConfig, lifecycle: Lifecycle, logger: Logger, metrics: Metrics) => {
        const journal = await Journal.open(config.PROVIDER_DATA_FILE, (error) => {
          logger.error('the journal cannot be written', { error });
          lifecycle.fail('the journal cannot be written');
        });
        const ledger = await Ledger.open(journal, Date.now());
        const webhooks = Webhooks.of(config, { ledger, journal, logger, metrics });
        return new Provider(ledger, journal, lifecycle, webhooks);
      },
    },
  ],
})
export class PaymentProviderModule {}
